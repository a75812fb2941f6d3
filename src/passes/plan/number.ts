/** Operations → the same, with a number for every link that is made, so that no answer has to be awaited. */
import type { Operation } from '../../model/plan.js'
import type { Link, State } from '../../model/state.js'

/** Numbers below are what namespaces give to links of others. */
const first = 1000

/** Each number is given once in a lab, so that the two ends of a cable are told by it. */
export function numberLinks(operations: readonly Operation[], observed: State): readonly Operation[] {
  let next = first
  for (const { link } of observed.values()) for (const l of link.values()) next = Math.max(next, l.index! + 1)
  const numbered = (l: Link): Link => ({ ...l, index: next++ })
  return operations.map(operation => {
    if (operation.verb !== 'create' || operation.resource.type !== 'link') return operation
    const resource = numbered(operation.resource)
    return operation.partner
      ? { ...operation, resource, partner: numbered(operation.partner) }
      : { ...operation, resource }
  })
}
