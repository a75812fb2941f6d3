/** A machine → plain data, without the numbers that were drawn for it, to be compared. */
import { formatPrefix } from '../../model/ip.js'
import type { LabRecord } from '../../model/plan.js'
import { routesOf } from './connected.js'
import type { Link, Machine, Namespace, SimulatedLab } from './model.js'
import { unusual, usual } from './usual.js'

export interface Held {
  readonly locks: readonly string[]
  readonly labs: Readonly<
    Record<string, { readonly record: LabRecord; readonly nodes: Readonly<Record<string, HeldNode>> }>
  >
}

/** Each list sorted, a line an entry. */
export type HeldNode = Readonly<Record<string, readonly string[]>>

export function heldIn({ locks, labs, home }: Machine): Held {
  return {
    locks: [...locks].sort(),
    labs: {
      ...Object.fromEntries([...labs].sort(byName).map(([lab, held]) => [lab, labHeld(held)])),
      '': labHeld({ record: 'null', nodes: new Map([['', home]]) }),
    },
  }
}

function labHeld({ record, nodes }: SimulatedLab): Held['labs'][string] {
  const names = new Map([...nodes].map(([node, ns]) => [ns, node]))
  const held = [...nodes].sort(byName).map(([node, ns]) => [node, nodeHeld(ns, names)] as const)
  return { record: JSON.parse(record) as LabRecord, nodes: Object.fromEntries(held) }
}

function nodeHeld(ns: Namespace, names: ReadonlyMap<Namespace, string>): HeldNode {
  const lines = (items: Iterable<unknown>) => [...items].map(item => JSON.stringify(item)).sort()
  return {
    links: lines([...ns.links.values()].map(link => linkHeld(link, names))),
    addresses: lines(
      ns.addresses.map(({ link, address, prefix, flags }) => [link.name, address, prefix.length, flags]),
    ),
    routes: lines(
      routesOf(ns).map(({ to, hops, replaces: _, ...route }) => ({
        ...{ ...route, to: formatPrefix(to) },
        hops: hops.map(({ link, ...hop }) => ({ ...hop, dev: link.name })),
      })),
    ),
    rules: lines(ns.rules),
    neighbors: lines(ns.neighbors.map(({ link, ...neighbor }) => ({ ...neighbor, dev: link.name }))),
    hosts: hostHeld(ns),
    settings: [
      ...settingsHeld('all', ns.settings),
      ...settingsHeld('all', ns.all.values),
      ...settingsHeld('default', ns.default.values),
    ],
  }
}

/** Where in a file it stood when it was made is no part of it. */
function hostHeld({ host }: Namespace): readonly string[] {
  const texts = host ? [host.host, ...host.files.values(), ...host.processes.values()] : []
  return texts.map(text => JSON.stringify(JSON.parse(text, (key, value) => (key === 'at' ? undefined : value)))).sort()
}

/** A MAC address that nobody chose was drawn. */
function linkHeld(link: Link, names: ReadonlyMap<Namespace, string>): object {
  const { name, kind, mac, chosen, mtu, up, master, parent, peer, data, settings } = link
  const end = peer && `${names.get(peer.namespace) ?? '?'}:${peer.name}`
  return {
    ...{ name, kind, mtu, up, master: master?.name, parent: parent?.name, peer: end },
    mac: chosen.mac ? mac : undefined,
    data: [...data].map(([type, payload]) => `${type} ${payload.toString('hex')}`).sort(),
    settings: settingsHeld(link, settings.values),
  }
}

/** Those that are not as in a new namespace. */
function settingsHeld(whose: 'all' | 'default' | Link, values: ReadonlyMap<string, string>): readonly string[] {
  const name = typeof whose === 'string' ? whose : whose.name
  return [...values]
    .filter(([key, value]) => value !== (unusual(whose, key) ?? usual.get(key)))
    .map(([key, value]) => `${key.replace('*', name)}=${value}`)
    .sort()
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)
