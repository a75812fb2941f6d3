/** A topology's text and what stands where in it. */

/** Keys and list indexes from the top of the file to a value. */
export type Path = readonly (string | number)[]

/** What a run reads: a text, where it came from, and what the command line adds. */
export interface Source {
  readonly text: string
  /** Absolute; none for standard input and for texts of programs. */
  readonly path?: string
  /** How messages call it: as the user wrote it, or `-`. */
  readonly label: string
  /** `--name`: overrides the file's. */
  readonly name?: string
  /** `--set NAME=value`; looked up before `environment`. */
  readonly variables: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What a running lab has given to its segments and loopbacks, which they keep: prefixes by `Network.assigned`'s keys. */
  readonly assigned?: Readonly<Record<string, readonly string[]>>
  /** Looks at a file or folder that the topology names by its absolute path; without it, none is looked at. */
  readonly files?: (path: string, use: 'bind' | 'copy') => FileFound
}

/** A digest that tells it from what it was before (of what is only seen, none is needed), or why it can't be used. */
export type FileFound = { readonly digest: string } | { readonly problem: string }

/**
 * A YAML value as plain data. Plain scalars are the text that stands in the file (`1`, `NO`, `1e3` may be names);
 * validation turns them into what their field wants. Mappings have no prototype; their order is `keysOf`.
 */
export type Value = null | boolean | number | string | readonly Value[] | Mapping
export interface Mapping {
  readonly [key: string]: Value
}

const order = new WeakMap<object, readonly string[]>()

/** Remembers a mapping's order in the file: JavaScript puts keys that look like integers first. */
export function rememberKeys(mapping: object, keys: readonly string[]): void {
  if (keys.some(beginsWithDigit)) order.set(mapping, keys)
}

function beginsWithDigit(key: string): boolean {
  const code = key.charCodeAt(0)
  return code >= 48 && code <= 57
}

/** A mapping's keys in the order of the file. */
export function keysOf(mapping: object): readonly string[] {
  return order.get(mapping) ?? Object.keys(mapping)
}

/** A place in a text; lines and columns count from 1, offsets from 0; `end` is exclusive. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly start: number
  readonly end: number
}

/** A parsed text: the value, and where each part of it stands. */
export interface Document {
  readonly source: Source
  readonly value: Value
  /** The lab's name: `--name`, the file's `name`, or made from the file's own name. */
  readonly lab: string
  /** The variables that the text used, as they were replaced: with them the text means the same later. */
  readonly used: Readonly<Record<string, string>>
  /** Where the value at `path` stands (its key with `key`); the nearest parent that exists, for one that doesn't. */
  place(path: Path, key?: boolean): Place
  /** Line and column of a range of offsets. */
  range(start: number, end: number): Place
}
