/** Small networks as text in, resolved ones out; routes as text. */
import type { Interface, InterfaceAddress, Network, Node, RouteEntry, Segment } from '../../src/model/network.js'

interface Draft {
  readonly kind: Node['kind']
  readonly interfaces: Interface[]
  readonly routes: RouteEntry[]
}

/**
 * Lines of three sorts:
 * ```
 * router r1 lo=10.255.0.1/32 br0=10.0.0.1/24      a node (router, host, switch) and what is no end
 * r1:eth0=10.0.0.0/31,fd00::/127*5 r2:eth0 off    a segment; `off` is `routing: false`
 * r1 writes 10.9.0.0/16 table 100                 a route of its own
 * ```
 */
export function network(text: string): Network {
  const drafts = new Map<string, Draft>()
  const segments: Segment[] = []
  for (const line of text
    .split('\n')
    .map(part => part.trim())
    .filter(Boolean)) {
    const words = line.split(/\s+/)
    if (/^(router|host|switch)$/.test(words[0]!)) {
      const draft: Draft = { kind: words[0] as Node['kind'], interfaces: [], routes: [] }
      drafts.set(words[1]!, draft)
      for (const word of words.slice(2)) draft.interfaces.push(parseInterface(word))
    } else if (words[1] === 'writes') drafts.get(words[0]!)!.routes.push(parseRoute(words[2]!, words[4]))
    else segments.push(parseSegment(words, drafts))
  }
  const nodes = [...drafts].map(([name, draft]) => ({
    ...{ name, at: [], rules: [], neighbors: [], sysctls: new Map(), labels: {} },
    ...draft,
  }))
  return { lab: 'test', nodes, wires: [], segments, assigned: {}, tests: [] }
}

/** `r1: 10.0.0.0/8 via 10.0.0.1 eth0, 10.0.1.1 eth1`, a line a route; of one node without its name. */
export function printRoutes(routes: ReadonlyMap<string, readonly RouteEntry[]>): readonly string[] {
  return [...routes].flatMap(([node, entries]) => entries.map(entry => `${node}: ${printRoute(entry)}`))
}

function printRoute({ to, nextHops }: RouteEntry): string {
  return `${to} via ${nextHops.map(({ via, dev }) => `${via} ${dev}`).join(', ')}`
}

function parseSegment(words: readonly string[], drafts: ReadonlyMap<string, Draft>): Segment {
  const ends = words
    .filter(word => word.includes(':') && /^[\w-]+:\w+/.test(word))
    .map(word => {
      const [, node, rest] = /^([\w-]+):(.*)$/.exec(word)!
      const one = parseInterface(rest!)
      drafts.get(node!)!.interfaces.push(one)
      return { node: node!, interface: one.name }
    })
  return { ends, routing: !words.includes('off'), at: [] }
}

/** `NAME[=ADDRESSES][*COST][!][<BRIDGE][^PARENT]`; `!` is down. */
function parseInterface(word: string): Interface {
  const [, name, addresses, cost, down, bridge, parent] =
    /^(\w+)(?:=([^*!<^]+))?(?:\*(\d+))?(!)?(?:<(\w+))?(?:\^(\w+))?$/.exec(word)!
  return {
    ...{ name: name!, at: [], mtu: 1500, up: down === undefined, ipv6: true, dad: false, settings: {} },
    kind: name === 'lo' ? 'loopback' : name!.startsWith('br') ? 'bridge' : parent === undefined ? 'veth' : 'macvlan',
    addresses: (addresses ?? '').split(',').filter(Boolean).map(parseInterfaceAddress),
    cost: Number(cost ?? 1),
    ...(bridge === undefined ? {} : { bridge }),
    ...(parent === undefined ? {} : { parent }),
  }
}

function parseInterfaceAddress(text: string): InterfaceAddress {
  const [address, length] = text.split('/')
  return { family: text.includes(':') ? 6 : 4, address: address!, prefixLength: Number(length), at: [] }
}

function parseRoute(to: string, table: string | undefined): RouteEntry {
  const family = to.includes(':') ? 6 : 4
  return { family, to, action: 'blackhole', nextHops: [], table: Number(table ?? 254), metric: 0 }
}
