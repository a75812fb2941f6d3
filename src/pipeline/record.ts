/** What is kept of a lab that is up ↔ what it was made from. */
import type { Source } from '../model/document.js'
import type { Node } from '../model/network.js'
import type { Applied, LabRecord, UnfinishedChange } from '../model/plan.js'
import type { Compiled } from '../model/report.js'
import type { NodeState, Resource } from '../model/state.js'
import { traced } from '../model/trace.js'
import { kindOf, resourceTypes } from '../resources/index.js'
import { version } from '../version.js'
import { compile } from './compile.js'
import type { Lab } from './lab.js'

/** What was applied to a lab, as the source that it was, with the variables that it used then. */
export function sourceOf({ source }: Applied, lab: string): Source {
  const { text, path, label, variables, assigned, files = {} } = source
  const found = (file: string) => ({ digest: files[file] ?? '' })
  const whole = { text, label, name: lab, variables, environment: {}, assigned, files: found }
  return path === undefined ? whole : { ...whole, path }
}

/** What earlier runs made of the lab. */
export interface Earlier {
  /** What was applied last, and wholly; compiled when it is first asked for: most changes can do without. */
  applied(): Compiled | undefined
  /** Whether one of them made what the kernel holds now and the file doesn't say. */
  made(observed: Resource): boolean
  /** Settings that they wrote in a node, besides those that every node has. */
  settings(node: string): readonly string[]
  /** What others had put there, and a run that was killed may have taken along. */
  readonly foreign: readonly Resource[]
}

export function earlierOf({ name, record, kernel: { trace } }: Lab): Earlier {
  const all = record ? [record.change?.before ?? record, record, ...(record.change?.tried ?? [])] : []
  const texts = [...new Map(all.map(applied => [JSON.stringify(applied.source), applied])).values()]
  const compiled = new Map<Applied, Compiled | undefined>()
  const of = (applied: Applied | undefined) => {
    if (applied && !compiled.has(applied))
      compiled.set(
        applied,
        traced(trace, 'compile the record', () => compile(sourceOf(applied, name), trace).value),
      )
    return applied && compiled.get(applied)
  }
  const blending = blended(texts)
  return {
    applied: () => of(texts[0]),
    made(observed) {
      if (texts.length === 0 || observed.type === 'namespace') return false
      const key = kindOf(observed.type).key(observed)
      if (kindOf(observed.type).owner(observed) === 'kernel')
        return blending.get(observed.node)?.has(`${observed.type} ${key}`) ?? false
      return texts.some(text => of(text)?.state.get(observed.node)?.[observed.type].has(key) ?? false)
    },
    settings: node => [...(blending.get(node) ?? [])].flatMap(key => /^sysctl (.*)/.exec(key)?.[1] ?? []),
    foreign: record?.change?.foreign ?? [],
  }
}

/** By node, the keys of what looks like the kernel's own. */
function blended(texts: readonly Applied[]): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<string, Set<string>>()
  for (const { blending = {} } of texts)
    for (const [node, own] of Object.entries(blending)) keys.set(node, new Set([...(keys.get(node) ?? []), ...own]))
  return keys
}

/** What of a node's state can't be told from the kernel's own by looking. */
function blendingOf(state: NodeState): readonly string[] {
  return resourceTypes.flatMap(type => {
    const { blends, key } = kindOf(type)
    if (!blends || type === 'namespace') return []
    return [...state[type].values()].filter(resource => blends(resource)).map(resource => `${type} ${key(resource)}`)
  })
}

/** What is recorded of a lab that is, or is about to be, as `compiled` says; how far it got is for others to add. */
export function recordOf(
  { document, network, state: desired }: Compiled,
  { name, kernel, record }: Lab,
): Omit<LabRecord, 'state' | 'change'> {
  const { text, path, label } = document.source
  const copies = network.nodes.flatMap(copiesOf)
  return {
    ...{ version: 1, lab: name, boot: kernel.bootId() },
    source: {
      text,
      label,
      variables: document.used,
      assigned: network.assigned,
      ...(copies.length > 0 ? { files: Object.fromEntries(copies) } : {}),
      ...(path === undefined ? {} : { path }),
    },
    blending: Object.fromEntries(
      Array.from(desired, ([node, held]) => [node, blendingOf(held)] as const).filter(([, keys]) => keys.length > 0),
    ),
    links: network.wires.length,
    created: record?.created ?? Date.now(),
    owner: kernel.user(),
    by: version,
  }
}

/** Digests of what a node has copies of. */
function copiesOf({ host }: Node): readonly (readonly [path: string, digest: string])[] {
  return (host?.files ?? []).flatMap(file => (file.kind === 'copy' ? [[file.from, file.digest ?? ''] as const] : []))
}

/** What a change in place, begun now, would have to know if it were killed. */
export function unfinished({ record }: Lab, foreign: readonly Resource[]): UnfinishedChange {
  if (!record) return { tried: [], foreign }
  const { change, ...whole } = record
  if (!change) return { before: whole, tried: [], foreign }
  const { source, blending } = record
  const known = change.tried.some(one => JSON.stringify(one.source) === JSON.stringify(source))
  const tried = known ? change.tried : [...change.tried, { source, ...(blending ? { blending } : {}) }]
  return { ...change, tried, foreign: [...change.foreign, ...foreign] }
}
