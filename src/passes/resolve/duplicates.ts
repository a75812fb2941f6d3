/** The same address twice in one node: a node's interfaces in, an error for each out. */
import { error } from '../../diagnostic.js'
import { classify } from '../../model/ip.js'
import type { Draft, DraftAddress, DraftInterface, Report } from './draft.js'

interface Seen {
  readonly port: DraftInterface
  readonly address: DraftAddress
}

/** One map for all nodes: what another node left in it does not count. */
export function findDuplicateAddresses(draft: Draft, report: Report): void {
  const seen = new Map<string, Seen>()
  for (const port of draft.ports)
    for (const address of port.addresses) {
      // A link-local address is of its link alone: fe80::1 on every interface of a router is usual.
      const apart = classify(address.prefix) === 'link-local'
      const key = apart ? `${address.address}%${port.name}` : address.address
      const first = seen.get(key)
      if (first?.port.node !== port.node) seen.set(key, { port, address })
      else if (!port.node.broken || (address.explicit && first.address.explicit)) report(twice(port, address, first))
    }
}

function twice(port: DraftInterface, address: DraftAddress, first: Seen) {
  const { node } = port
  const where = first.port === port ? `${port.name} has it already` : `${first.port.name} has it too`
  const also = [{ at: { path: first.address.at }, message: `${node.name}:${first.port.name}` }]
  return error('duplicate-address', `${node.name}:${port.name} ${address.address}: ${where}`, address.at, { also })
}
