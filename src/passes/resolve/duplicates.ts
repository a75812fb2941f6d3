/** The same address twice in one node: a node's interfaces in, an error for each out. */
import { error } from '../../diagnostic.js'
import { classify } from '../../model/ip.js'
import type { Draft, DraftAddress, DraftInterface, DraftNode, Report } from './draft.js'

interface Seen {
  readonly port: DraftInterface
  readonly address: DraftAddress
}

/** What stands more than once in the lab; nearly always nothing, which saves a closer look at thousands of addresses. */
export function repeatedAddresses({ ports }: Draft): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { addresses } of ports)
    for (let i = 0; i < addresses.length; i++) {
      const { address } = addresses[i]!
      const before = seen.size
      if (seen.add(address).size === before) repeated.add(address)
    }
  return repeated
}

export function findDuplicateAddresses(draft: Draft, repeated: ReadonlySet<string>, report: Report): void {
  if (repeated.size > 0) for (const node of draft.nodes.values()) findDuplicates(node, repeated, report)
}

function findDuplicates(node: DraftNode, repeated: ReadonlySet<string>, report: Report): void {
  const seen = new Map<string, Seen>()
  for (const port of node.interfaces.values())
    for (const address of port.addresses) {
      if (!repeated.has(address.address)) continue
      // A link-local address is of its link alone: fe80::1 on every interface of a router is usual.
      const scope = classify(address.prefix) === 'link-local' ? port.name : ''
      const key = `${address.address}%${scope}`
      const first = seen.get(key)
      if (first === undefined) seen.set(key, { port, address })
      else if (!node.broken || (address.explicit && first.address.explicit)) report(twice(port, address, first))
    }
}

function twice(port: DraftInterface, address: DraftAddress, first: Seen) {
  const { node } = port
  const where = first.port === port ? `${port.name} has it already` : `${first.port.name} has it too`
  const also = [{ at: { path: first.address.at }, message: `${node.name}:${first.port.name}` }]
  return error('duplicate-address', `${node.name}:${port.name} ${address.address}: ${where}`, address.at, { also })
}
