/** Values of the file together with the place where they really stand, however they were inherited. */
import { keysOf, type Path, rememberKeys } from '../../model/document.js'

export interface Item<T> {
  readonly value: T
  readonly at: Path
}

type Present<T> = Exclude<T, null | undefined>
type Container = Readonly<Record<string | number, unknown>>

/** Where the children of a merged container stand; those of any other stand below it. */
const origins = new WeakMap<object, ReadonlyMap<string | number, Item<unknown>>>()

/** Keys that may carry a `+`: they append to the inherited list. */
const appending = new Set(['routes+', 'rules+', 'neighbors+', 'addresses+', 'isolate+', 'needs+'])

/** A child that stands below its container. Its place is made when somebody asks for it: of most nobody does. */
class Child implements Item<unknown> {
  private place: Path | undefined = undefined

  constructor(
    readonly value: unknown,
    private readonly above: Item<unknown>,
    private readonly key: string | number,
  ) {}

  get at(): Path {
    this.place ??= this.above.at.concat(this.key)
    return this.place
  }
}

/** A child of a container, with its place. */
function child(item: Item<Container>, key: string | number): Item<unknown> {
  return origins.get(item.value)?.get(key) ?? new Child(item.value[key], item, key)
}

/** The value of a key; undefined where it is unsaid or null, which says: none. */
export function pick<T extends object, K extends keyof T & string>(
  item: Item<T>,
  key: K,
): Item<Present<T[K]>> | undefined {
  const value = item.value[key]
  return value === undefined || value === null
    ? undefined
    : (child(item as Item<Container>, key) as Item<Present<T[K]>>)
}

const none: readonly never[] = []

/** One item or a list of them, as a list; faulty items, which validation has left out, are null and no part of it. */
export function list<T>(item: Item<T | readonly T[]> | undefined): readonly Item<T>[] {
  if (item === undefined) return none
  if (!Array.isArray(item.value)) return [item as Item<T>]
  const items = item.value.map((_, i) => child(item as Item<Container>, i) as Item<T>)
  return item.value.includes(null) ? items.filter(one => one.value !== null) : items
}

/** What stands at a key of a mapping, which may be null. */
export function entry<V>(item: Item<Readonly<Record<string, V>>>, key: string): Item<V> {
  return child(item, key) as Item<V>
}

/** A mapping's entries in the order of the file. */
export function entries<V>(item: Item<Readonly<Record<string, V>>> | undefined): readonly [string, Item<V>][] {
  if (item === undefined) return none
  return keysOf(item.value).map(key => [key, child(item, key) as Item<V>])
}

/** Some keys of a mapping, as a mapping; undefined when it has none of them. */
export function subset<T extends object>(
  item: Item<T> | undefined,
  keep: (key: string) => boolean,
): Item<T> | undefined {
  if (item === undefined || !keysOf(item.value).some(keep)) return undefined
  const kept = entries(item as Item<Record<string, unknown>>).filter(([key]) => keep(key))
  return build(new Map(kept), item.at) as Item<T>
}

/**
 * Mappings laid over each other, the last on top: mappings merge key by key, scalars and lists replace, `key+` appends
 * and null removes. The result stands where the last one does.
 */
export function merge<T extends object>(layers: readonly Item<T>[]): Item<T> {
  const last = layers[layers.length - 1]!
  if (layers.length === 1 && isPlain(last.value as Container)) return last
  const merged = new Map<string, Item<unknown>>()
  for (const layer of layers as readonly Item<Container>[])
    keysOf(layer.value).forEach(key => {
      lay(merged, key, child(layer, key))
    })
  return build(merged, last.at) as Item<T>
}

function lay(merged: Map<string, Item<unknown>>, key: string, item: Item<unknown>): void {
  const target = appending.has(key) ? key.slice(0, -1) : key
  const below = merged.get(target)
  if (item.value === null) merged.delete(key)
  else if (target !== key) merged.set(target, append(below, item))
  else if (!isMapping(item)) merged.set(key, item)
  else merged.set(key, merge(below !== undefined && isMapping(below) ? [below, item] : [item]))
}

function append(below: Item<unknown> | undefined, more: Item<unknown>): Item<unknown> {
  const all = [...list(below), ...list(more)]
  const value = all.map(item => item.value)
  origins.set(value, new Map(all.entries()))
  return { value, at: more.at }
}

/** Nothing in it to remove, to append or to look further into. */
function isPlain(value: Container): boolean {
  for (const key in value) {
    const child = value[key]
    if (child === null || appending.has(key)) return false
    if (typeof child === 'object' && !Array.isArray(child)) return false
  }
  return true
}

function isMapping(item: Item<unknown>): item is Item<Record<string, unknown>> {
  return typeof item.value === 'object' && item.value !== null && !Array.isArray(item.value)
}

function build(merged: ReadonlyMap<string, Item<unknown>>, at: Path): Item<object> {
  const value: Record<string, unknown> = Object.create(null)
  const keys: string[] = []
  merged.forEach((item, key) => {
    value[key] = item.value
    keys.push(key)
  })
  rememberKeys(value, keys)
  origins.set(value, merged)
  return { value, at }
}

/** The same with every text in it replaced; children keep their places. */
export function mapTexts<T>(value: T, replace: (text: string) => string): T {
  if (typeof value === 'string') return replace(value) as T
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(one => mapTexts(one, replace)) as T
  const copy: Record<string, unknown> = Object.create(null)
  for (const key of keysOf(value)) copy[key] = mapTexts((value as Record<string, unknown>)[key], replace)
  rememberKeys(copy, keysOf(value))
  return copy as T
}

/** Whether a text in it answers to the test. */
export function someText(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === 'string') return test(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(one => someText(one, test))
}
