/** What is inherited in, how much of it there may be out: a few kilobytes are repeated as often as there are nodes. */
import { error } from '../../diagnostic.js'
import type { Topology } from '../../kinds/index.js'
import type { Report } from './draft.js'
import type { Item } from './item.js'

/** Values that groups and defaults may give to all nodes together: a hundred to each of ten thousand. */
const mostInherited = 1_000_000
/** Values that every interface may start with. */
const mostForInterfaces = 1_000

export interface Room {
  /** Whether one more node may inherit that; where it may not, the file is told so, once. */
  takes(inherited: Item<object>): boolean
  isFull(): boolean
}

/** Room for what the nodes of one file inherit. */
export function inheritance(report: Report): Room {
  let left = mostInherited
  return {
    isFull: () => left < 0,
    takes({ value, at }) {
      if (left < 0) return false
      left -= count(value)
      if (left >= 0) return true
      const message = `groups and defaults make more than ${mostInherited} values out of this file`
      report(error('yaml-bomb', message, { path: [at[0] ?? 'groups'], key: true }, { hint: elsewhere }))
      return false
    },
  }
}

const elsewhere = 'what all share should be little; what one alone needs can stand there'

/** The topology without defaults of interfaces that are too much for every one of them. */
export function withoutExcess(topology: Topology, report: Report): Topology {
  const said = topology.defaults?.interface
  if (!said || count(said) <= mostForInterfaces) return topology
  const message = `every interface would start with more than ${mostForInterfaces} values`
  report(error('yaml-bomb', message, { path: ['defaults', 'interface'], key: true }, { hint: elsewhere }))
  return { ...topology, defaults: { ...topology.defaults, interface: null } }
}

const counts = new WeakMap<object, number>()

/** Values in a value, itself included; what nodes share is counted once and remembered. */
function count(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  const known = counts.get(value)
  if (known !== undefined) return known
  let sum = 1
  for (const each of Object.values(value)) sum += count(each)
  counts.set(value, sum)
  return sum
}
