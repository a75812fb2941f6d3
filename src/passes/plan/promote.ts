/** Addresses that go → settings around it, so that others of their subnet, and the routes through it, stay. */
import { contains, networkOf, parseAddress, parsePrefix } from '../../model/ip.js'
import type { Operation } from '../../model/plan.js'
import type { Address, Sysctl } from '../../model/state.js'
import type { Planning } from '../plan.js'

/** The link's secondary addresses survive from now on; the addresses that had to go are gone. */
export const promoted = ({ node, dev }: { node: string; dev: string }) => `promoted ${node} ${dev}`
export const demoted = ({ node, dev }: { node: string; dev: string }) => `demoted ${node} ${dev}`

/** Removing a primary IPv4 address takes its secondaries along (ip-sysctl.rst: promote_secondaries). */
export function promotions(removals: readonly Operation[], { desired, observed }: Planning): readonly Operation[] {
  const devs = new Map<string, Address>()
  for (const { resource } of removals) {
    if (resource.type !== 'address' || resource.family === 6 || resource.secondary) continue
    const others = [desired, observed].flatMap(state => [...(state.get(resource.node)?.address.values() ?? [])])
    if (others.some(other => sharesSubnet(other, resource))) devs.set(promoted(resource), resource)
  }
  return [...devs.values()].flatMap(address => {
    const { node, dev } = address
    const name = `net.ipv4.conf.${dev.replaceAll('.', '/')}.promote_secondaries`
    const usual = [desired, observed].map(state => state.get(node)?.sysctl)
    const value = usual[0]?.get(name)?.value ?? usual[0]?.get('net.ipv4.conf.default.promote_secondaries')?.value ?? '0'
    if (value === '1') return []
    const setting = (to: string): Sysctl => ({ type: 'sysctl', node, name, value: to })
    const because = 'so that other addresses of its subnet stay'
    return [
      { verb: 'update', resource: setting('1'), because, provides: [promoted(address)] } as const,
      { verb: 'update', resource: setting(value), because: 'as before', needs: [demoted(address)] } as const,
    ]
  })
}

function sharesSubnet(a: Address, b: Address): boolean {
  if (a.dev !== b.dev || a.family !== b.family || a.prefixLength !== b.prefixLength || a.address === b.address)
    return false
  return contains(networkOf(parsePrefix(`${a.address}/${a.prefixLength}`)!), parseAddress(b.address)!)
}
