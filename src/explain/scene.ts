/** What the walk looks at: a lab as the kernel has it and as its file says, each thing read when it is first asked for. */
import type { LabSpace, Probes } from '../kernel/kernel.js'
import type { Path } from '../model/document.js'
import type { Compiled } from '../model/report.js'
import type { Link, Resource, ResourceOf, ResourceType, State } from '../model/state.js'
import { kindOf } from '../resources/index.js'

export interface Scene {
  readonly space: LabSpace
  readonly probes: Probes
  /** What the kernel holds, its own routes and rules too. */
  readonly state: State
  /** What was applied, where that is known. */
  readonly applied?: Compiled
}

/** Things that a flow’s packets have in common. */
export interface Flow {
  readonly family: 4 | 6
  /** Undefined until the node where it begins has chosen it. */
  readonly source?: string | undefined
  readonly destination: string
  /** As its owner has it, for words: `10.0.2.0/24`. */
  readonly prefix: string
  /** Bytes of a whole packet that is not to be fragmented. */
  readonly bytes?: number | undefined
}

export function linkOf({ state }: Scene, node: string, name: string): Link | undefined {
  return state.get(node)?.link.get(name)
}

/** All of a type that a node holds. */
export function heldBy<T extends Exclude<ResourceType, 'namespace' | 'sysctl'>>(
  state: State | undefined,
  node: string,
  type: T,
): readonly ResourceOf<T>[] {
  return [...((state?.get(node)?.[type] as ReadonlyMap<string, ResourceOf<T>> | undefined)?.values() ?? [])]
}

/** Where the file says what the kernel holds here. */
export function placeOf({ applied }: Scene, resource: Resource): Path | undefined {
  if (resource.type === 'namespace') return applied?.state.get(resource.node)?.namespace.at
  return applied?.state.get(resource.node)?.[resource.type].get(kindOf(resource.type).key(resource))?.at
}

/** A setting’s value as a number. */
export function setting({ space }: Scene, node: string, name: string): number {
  return Number(space.readSysctls(node, [name])[0] ?? 0)
}

/** `line 31`; nothing for what the file does not say. */
export function lineOf({ applied }: Scene, at: Path | undefined): string | undefined {
  return at && applied && `line ${applied.document.place(at).line}`
}

/** As people call it. */
export const prefixName = (prefix: string) => (/^(0\.0\.0\.0|::)\/0$/.test(prefix) ? 'default' : prefix)

/** `words (rule 1000, line 31)`: what is known, in brackets behind the words. */
export function noted(words: string, ...notes: readonly (string | undefined)[]): string {
  const known = notes.filter(note => note !== undefined)
  return known.length === 0 ? words : `${words} (${known.join(', ')})`
}
