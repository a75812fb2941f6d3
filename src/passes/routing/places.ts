/** One family's addresses of a network in, each read once, out: where it stands, and the subnet that it makes. */
import { type AddressClass, classify, formatPrefix, networkOf, type Prefix, parseAddress } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import type { Terrain } from './terrain.js'

/** An address of an interface. */
export interface Place {
  readonly port: number
  readonly text: string
  /** Host bits included. */
  readonly prefix: Prefix
  readonly network: Prefix
  /** The network as text: equal for equal ones. */
  readonly key: string
  /** Whether it takes part in computed routes: others may want to reach it or to pass by. */
  readonly shared: boolean
}

/** In the order of the ports. */
export function findPlaces(terrain: Terrain, family: Family): readonly Place[] {
  const places: Place[] = []
  for (let port = 0; port < terrain.ports.length; port++) {
    const { addresses } = terrain.ports[port]!.interface
    const out = terrain.leftOut.has(port)
    for (const { family: its, address, prefixLength } of addresses) {
      const parsed = its === family ? parseAddress(address) : undefined
      if (parsed === undefined) continue
      const prefix = { family, bits: parsed.bits, length: prefixLength }
      const network = networkOf(prefix)
      const shared = !out && !isOwnMatter(classify(parsed), family)
      places.push({ port, text: address, prefix, network, key: formatPrefix(network), shared })
    }
  }
  return places
}

/** Every node has such addresses, so no route can lead to them; 169.254.0.0/16 is often used on links, and stays. */
function isOwnMatter(type: AddressClass, family: Family): boolean {
  return type === 'loopback' || (type === 'link-local' && family === 6)
}
