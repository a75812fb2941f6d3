/** The same address twice in one node: a node's interfaces in, an error for each out. */
import { error } from '../../diagnostic.js'
import { classify } from '../../model/ip.js'
import type { Draft, DraftAddress, DraftInterface, DraftNode, Report } from './draft.js'

export function findDuplicateAddresses(draft: Draft, report: Report): void {
  for (const node of draft.nodes.values()) {
    if (countAddresses(node) < 2) continue
    const seen = new Map<string, { port: DraftInterface; address: DraftAddress }>()
    for (const port of node.interfaces.values())
      for (const address of port.addresses) {
        // A link-local address is of its link alone: fe80::1 on every interface of a router is usual.
        const scope = classify(address.prefix) === 'link-local' ? port.name : ''
        const key = `${address.address}%${scope}`
        const first = seen.get(key)
        if (first === undefined) seen.set(key, { port, address })
        else if (!node.broken || (address.explicit && first.address.explicit)) report(twice(port, address, first))
      }
  }
}

function countAddresses(node: DraftNode): number {
  let count = 0
  for (const port of node.interfaces.values()) count += port.addresses.length
  return count
}

function twice(port: DraftInterface, address: DraftAddress, first: { port: DraftInterface; address: DraftAddress }) {
  const { node } = port
  const where = first.port === port ? `${port.name} has it already` : `${first.port.name} has it too`
  const also = [{ at: { path: first.address.at }, message: `${node.name}:${first.port.name}` }]
  return error('duplicate-address', `${node.name}:${port.name} ${address.address}: ${where}`, address.at, { also })
}
