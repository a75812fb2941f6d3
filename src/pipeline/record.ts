/** What is kept of a lab that is up ↔ what it was made from. */
import type { Source } from '../model/document.js'
import type { LabRecord } from '../model/plan.js'
import type { Compiled } from '../model/report.js'
import type { NodeState, Resource } from '../model/state.js'
import { traced } from '../model/trace.js'
import { kindOf, resourceTypes } from '../resources/index.js'
import { version } from '../version.js'
import { compile } from './compile.js'
import type { Lab } from './lab.js'

/** The source that was applied last, with the variables that it used then. */
export function sourceOf(record: LabRecord): Source {
  const { text, path, label, variables, assigned } = record.source
  return {
    text,
    label,
    name: record.lab,
    variables,
    environment: {},
    assigned,
    ...(path === undefined ? {} : { path }),
  }
}

/** What was applied last, compiled again. */
export function appliedOf({ record, kernel: { trace } }: Lab): Compiled | undefined {
  return record && traced(trace, 'compile the record', () => compile(sourceOf(record), trace).value)
}

/** What an earlier `up` of the lab made. */
export interface Earlier {
  /** Compiled when it is first asked for: most changes can do without. */
  applied(): Compiled | undefined
  /** Whether it made what the kernel holds now and the file doesn't say. */
  made(observed: Resource): boolean
  /** Settings that it wrote in a node, besides those that every node has. */
  settings(node: string): readonly string[]
}

export function earlierOf(lab: Lab): Earlier {
  let compiled: Compiled | undefined
  const applied = () => {
    compiled ??= appliedOf(lab)
    return compiled
  }
  const blending = new Map(Object.entries(lab.record?.blending ?? {}).map(([node, keys]) => [node, new Set(keys)]))
  return {
    applied,
    made(observed) {
      if (!lab.record || observed.type === 'namespace') return false
      const key = kindOf(observed.type).key(observed)
      if (kindOf(observed.type).owner(observed) === 'kernel')
        return blending.get(observed.node)?.has(`${observed.type} ${key}`) ?? false
      return applied()?.state.get(observed.node)?.[observed.type].has(key) ?? false
    },
    settings: node => [...(blending.get(node) ?? [])].flatMap(key => /^sysctl (.*)/.exec(key)?.[1] ?? []),
  }
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
): Omit<LabRecord, 'state' | 'nodes'> {
  const { text, path, label } = document.source
  return {
    ...{ version: 1, lab: name, boot: kernel.bootId(), mountNamespace: kernel.mountNamespace() },
    source: {
      text,
      label,
      variables: document.used,
      assigned: network.assigned,
      ...(path === undefined ? {} : { path }),
    },
    blending: Object.fromEntries(
      Array.from(desired, ([node, held]) => [node, blendingOf(held)] as const).filter(([, keys]) => keys.length > 0),
    ),
    links: network.wires.length,
    created: record?.created ?? Date.now(),
    owner: process.getuid?.() ?? 0,
    by: version,
  }
}
