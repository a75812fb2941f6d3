/** Operations → the same, with a number for every link that is made, so that no answer has to be awaited. */
import type { Operation } from '../../model/plan.js'
import type { Link, State } from '../../model/state.js'

/** Numbers below are what namespaces give to links of others. */
const first = 1000

/** Each number is given once in a lab, so that the two ends of a cable are told by it. */
export function numberLinks(operations: readonly Operation[], observed: State): readonly Operation[] {
  let next = first
  for (const { link } of observed.values()) for (const l of link.values()) next = Math.max(next, l.index! + 1)
  const numbered = (l: Link): Link => withIndex(l, next++)
  return operations.map(operation => {
    if (operation.verb !== 'create' || operation.resource.type !== 'link') return operation
    const resource = numbered(operation.resource)
    return operation.partner
      ? { ...operation, resource, partner: numbered(operation.partner) }
      : { ...operation, resource }
  })
}

/** Property by property: a spread with one more takes four times the memory. */
function withIndex(l: Link, index: number): Link {
  const { type, node, name, kind, mtu, up, data, at, mac, master, parent, peer } = l
  const result: { -readonly [K in keyof Link]: Link[K] } = { type, node, name, kind, index, mtu, up, data }
  if (at !== undefined) result.at = at
  if (mac !== undefined) result.mac = mac
  if (master !== undefined) result.master = master
  if (parent !== undefined) result.parent = parent
  if (peer !== undefined) result.peer = peer
  return result
}
