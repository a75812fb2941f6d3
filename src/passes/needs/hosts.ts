/** Operations of a plan → what its hosts ask of the machine besides their networks. */
import type { HostNeeds } from '../../model/needs.js'
import type { Operation } from '../../model/plan.js'
import type { Host } from '../../model/state.js'

/** The program that holds a lab's processes. */
const supervisor = 1

export function hostNeeds(operations: readonly Operation[]): HostNeeds | undefined {
  const hosts = operations.flatMap(({ verb, resource }) =>
    resource.type === 'host' && verb !== 'remove' ? [{ verb, host: resource }] : [],
  )
  const started = operations.filter(({ verb, resource }) => resource.type === 'process' && verb === 'create').length
  if (hosts.length === 0 && started === 0) return undefined
  const made = hosts.filter(({ verb }) => verb === 'create').map(({ host }) => host)
  return {
    count: made.length,
    kinds: counted(made.flatMap(({ isolate }) => ['uts' as const, ...isolate])),
    limits: counted(hosts.flatMap(({ host }) => limited(host))),
    processes: made.length + started + (started > 0 ? supervisor : 0),
    supervised: started,
  }
}

const limited = ({ limits = {} }: Host) =>
  (['memory', 'cpu', 'pids'] as const).filter(name => limits[name] !== undefined)

function counted<T>(items: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
