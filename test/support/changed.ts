/** A topology's text → another one of the same lab, in which a little of everything is otherwise. */
import { parse } from 'yaml'
import { source } from '../../src/index.js'
import { compile } from '../../src/pipeline.js'

interface Written {
  nodes: Record<string, Record<string, unknown> | null>
  links: unknown[]
  [section: string]: unknown
}

/** Each is left out where the language does not allow it in this topology. */
const changes: readonly ((written: Written) => void)[] = [
  ...[withoutNode(-1), withoutNode(-2), withoutNode(0)],
  ({ links }) => void links.splice(0, 1, { ...link(links[0]), mtu: 1380 }),
  ({ links }) => void links.reverse(),
  ({ nodes, links }) => {
    nodes.extra = { kind: 'router', sysctls: { 'net.ipv4.conf.all.rp_filter': 2 } }
    links.push([`${hostOf(nodes)}:toextra 10.250.0.1/24 fd00:250::1/64`, 'extra:x 10.250.0.2/24 fd00:250::2/64'])
  },
  ({ nodes }) => void own(nodes, 'sysctls', { 'net.ipv4.tcp_keepalive_time': 99 }),
  ({ nodes }) =>
    void own(nodes, 'interfaces', { tap9: { kind: 'tap', addresses: '10.251.0.1/24' }, br9: { kind: 'bridge' } }),
  ({ nodes }) =>
    void own(nodes, 'interfaces', { vx9: { kind: 'vxlan', id: 9, remote: '192.0.2.9', addresses: '10.252.0.1/24' } }),
  ({ nodes }) => void list(nodes, 'routes', { to: '192.0.2.0/24', type: 'blackhole' }),
  ({ nodes }) => void list(nodes, 'routes', { to: '198.18.0.0/15', via: 'extra:x' }),
  ({ nodes }) => void list(nodes, 'rules', { from: '10.251.0.0/24', table: 'main', priority: 77 }),
  ({ nodes }) => void list(nodes, 'neighbors', { to: '10.250.0.9', mac: '02:00:00:00:00:09', dev: 'toextra' }),
]

export function changed(text: string): string {
  return changes.reduce((held, change) => {
    const written = parse(held) as Written
    change(written)
    const result = JSON.stringify(written)
    return compile(source(result, { name: 'changed' })).value ? result : held
  }, text)
}

function withoutNode(place: number): (written: Written) => void {
  return ({ nodes, links }) => {
    const name = Object.keys(nodes).at(place)!
    delete nodes[name]
    const fits = (end: unknown) => nameOf(end) !== name
    links.forEach((one, index) => {
      const { endpoints, ...rest } = link(one)
      links[index] = { ...rest, endpoints: endpoints.filter(fits) }
    })
    links.splice(0, links.length, ...links.filter(one => link(one).endpoints.length > 1))
  }
}

function link(one: unknown): { endpoints: unknown[] } {
  return Array.isArray(one) ? { endpoints: one } : (one as { endpoints: unknown[] })
}

function nameOf(end: unknown): string {
  return typeof end === 'string' ? end.split(/[: ]/)[0]! : (end as { node: string }).node
}

/** The first node. */
const hostOf = (nodes: Written['nodes']): string => Object.keys(nodes)[0]!

function own(nodes: Written['nodes'], section: string, more: object): void {
  const host = hostOf(nodes)
  nodes[host] = { ...nodes[host], [section]: { ...(nodes[host]?.[section] as object), ...more } }
}

function list(nodes: Written['nodes'], section: string, more: object): void {
  const host = hostOf(nodes)
  nodes[host] = { ...nodes[host], [section]: [...((nodes[host]?.[section] ?? []) as object[]), more] }
}
