/** What stands and what is to be done → the number of every link. */
import { SystemError } from '../../kernel/kernel.js'
import type { Operation } from '../../model/plan.js'
import type { State } from '../../model/state.js'
import type { WriteContext } from '../../resources/index.js'

/** The numbers of links, those that stand and those that are made. */
export function numbers(operations: readonly Operation[], observed: State): WriteContext['index'] {
  const made = new Map<string, Map<string, number>>()
  const remember = (node: string, link: string, index: number) => {
    const links = made.get(node)
    if (links) links.set(link, index)
    else made.set(node, new Map([[link, index]]))
  }
  for (const { verb, resource, partner } of operations) {
    if (verb !== 'create') continue
    if (resource.type === 'namespace') remember(resource.node, 'lo', 1)
    if (resource.type === 'link') remember(resource.node, resource.name, resource.index!)
    if (partner) remember(partner.node, partner.name, partner.index!)
  }
  return (node, link) => {
    const index = made.get(node)?.get(link) ?? observed.get(node)?.link.get(link)?.index
    if (index === undefined) throw new SystemError(`find ${node}:${link}`, 'ENODEV', 'no such link')
    return index
  }
}
