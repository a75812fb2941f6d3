/** Networks that stand, read back by `ip` from each node's namespace: whether two tools made the same. */
import { execFileSync } from 'node:child_process'

/** What one node holds, without what may differ between two networks that do the same. */
export type Held = Readonly<Record<string, readonly string[]>>

/** At most so many nodes are read of a large network: the first, the last, and others evenly between. */
export function sample(nodes: readonly string[], most: number): readonly string[] {
  if (nodes.length <= most) return nodes
  return Array.from({ length: most }, (_, i) => nodes[Math.round((i * (nodes.length - 1)) / (most - 1))]!)
}

export function readNode(namespace: string): Held {
  const run = (...words: string[]) =>
    execFileSync('nsenter', [`--net=${namespace}`, ...words], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const json = (...words: string[]) => JSON.parse(run('ip', '-j', ...words) || '[]') as Item[]
  const links = json('-d', 'address')
  return {
    links: links.map(linkText).sort(),
    addresses: links.flatMap(addressTexts).sort(),
    routes: [...json('-4', 'route'), ...json('-6', 'route')].map(routeText).filter(steady).sort(),
    forwarding: run('sysctl', '-n', 'net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding').trim().split('\n'),
  }
}

/** The first difference in words; undefined where there is none. */
export function difference(wanted: Held, found: Held): string | undefined {
  for (const [what, lines] of Object.entries(wanted)) {
    const [missing] = lines.filter(line => !found[what]!.includes(line))
    const [extra] = found[what]!.filter(line => !lines.includes(line))
    if (missing !== undefined) return `${what}: without ${missing}`
    if (extra !== undefined) return `${what}: with ${extra}`
  }
  return undefined
}

type Item = Record<string, unknown>

function linkText({ ifname, mtu, flags, master, linkinfo }: Item): string {
  const kind = (linkinfo as Item | undefined)?.info_kind ?? 'loopback'
  return `${ifname} ${kind} mtu ${mtu} ${(flags as string[]).includes('UP') ? 'up' : 'down'} ${master ?? ''}`
}

/** Link-local addresses come by themselves, a moment later. */
function addressTexts({ ifname, addr_info }: Item): readonly string[] {
  const found = (addr_info as Item[]).filter(({ scope }) => scope !== 'link')
  return found.map(({ local, prefixlen }) => `${local}/${prefixlen} on ${ifname}`)
}

/** Next hops in any order; without protocol, metric, and what a moment's carrier says. */
function routeText({ dst, gateway, dev, nexthops, type }: Item): string {
  const hops = nexthops === undefined ? [{ gateway, dev }] : (nexthops as Item[])
  const ways = hops.map(hop => `${hop.gateway ?? 'direct'} dev ${hop.dev}`).sort()
  return `${type ?? 'unicast'} ${dst} via ${ways.join(', ')}`
}

const steady = (line: string) => !/ (fe80::|ff00::)/.test(line)
