/** The machine as the kernel's own tools show it: the witness of the tests. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** A name for a lab that no other test process has. */
export function labName(word: string): string {
  return `t${process.pid}-${word}`
}

/** What `ip -j` says, in a namespace. */
export function ipJson<T = Record<string, unknown>>(namespace: string, ...words: string[]): T[] {
  const out = execFileSync('ip', ['-n', namespace, '-j', ...words], { encoding: 'utf8', maxBuffer: 1 << 28 })
  return out.trim() === '' ? [] : (JSON.parse(out) as T[])
}

/** Every namespace that has a name. */
export function ipNetns(): readonly string[] {
  const out = run('ip', '-j', 'netns', 'list')
  return out.trim() === '' ? [] : (JSON.parse(out) as { name: string }[]).map(({ name }) => name)
}

/** A program's standard output; throws with its words when it fails. */
export function run(command: string, ...words: string[]): string {
  return execFileSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The same inside a node. */
export function inside(namespace: string, command: string, ...words: string[]): string {
  return run('ip', 'netns', 'exec', namespace, command, ...words)
}

export interface Machine {
  readonly namespaces: readonly string[]
  readonly mounts: readonly string[]
  readonly links: readonly string[]
  readonly files: readonly string[]
}

/** Everything that a lab could leave behind, without what other test processes have there just now. */
export function machine(): Machine {
  const links = JSON.parse(run('ip', '-j', 'link')) as { ifname: string; ifindex: number }[]
  return {
    namespaces: existsSync('/run/netns') ? own(readdirSync('/run/netns')) : [],
    mounts: own(
      readFileSync('/proc/self/mountinfo', 'utf8')
        .trim()
        .split('\n')
        .map(line => line.split(' ').slice(3, 5).join(' ')),
    ),
    links: links.map(link => `${link.ifindex} ${link.ifname}`),
    files: own(filesBelow('/run/nstopo')),
  }
}

function filesBelow(folder: string): readonly string[] {
  return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).map(String) : []
}

const ownLab = new RegExp(`\\b(t|kt|cmd)${process.pid}-`)

/** Labs of other test processes, and of benchmarks, carry their process ids; the shared folders come and go with them. */
function own(names: readonly string[]): readonly string[] {
  return names
    .filter(name => !/\b(t|kt|cmd|bench)\d+-|\bfloor-/.test(name) || ownLab.test(name))
    .filter(name => !/^(\S+ \/run\/(nstopo|netns)|\.made-.*)$/.test(name))
    .sort()
}

/** What a namespace holds, by `ip -j`, without what differs between any two runs. */
export function witness(namespace: string): Record<string, unknown> {
  return steadyPart({
    links: ipJson(namespace, '-d', 'link'),
    addresses: ipJson(namespace, 'address'),
    routes: ['-4', '-6'].map(family => ipJson(namespace, family, 'route', 'show', 'table', 'all')),
    rules: ['-4', '-6'].map(family => ipJson(namespace, family, 'rule')),
    neighbors: ipJson(namespace, 'neigh', 'show', 'nud', 'permanent'),
  })
}

/** What `ip -j` said of a namespace; of routes and rules IPv4's, then IPv6's. */
export interface Shown {
  readonly links: readonly Item[]
  readonly addresses: readonly Item[]
  readonly routes: readonly (readonly Item[])[]
  readonly rules: readonly (readonly Item[])[]
  readonly neighbors: readonly Item[]
}

export function steadyPart({ links, addresses, routes, rules, neighbors }: Shown): Record<string, unknown[]> {
  return {
    links: links.map(withoutNumbers).sort(byName),
    addresses: addresses.map(held).sort(byName),
    routes: routes.map(family => family.map(withoutCarrier).map(text).filter(steady).sort()),
    rules: rules.map(family => family.map(text).sort()),
    neighbors: neighbors.map(text).sort(),
  }
}

type Item = Record<string, unknown>

/** Timers run, ports are numbered in the order in which they came, and bridges find out what tree they make, packet by packet. */
const passing =
  /_timer$|^root_(id|port|path_cost)$|^bridge_id$|^(no|id|state|designated_\w+)$|^topology_change|^config_pending$/

/** The kernel tells of carrier a moment later, when it has time; a bridge's tso_max_size is what any port of it ever had. */
function withoutNumbers(item: Item): Item {
  const { ifindex, link_index, link_netnsid, linkinfo, operstate, flags, tso_max_size, ...link } = item
  const { info_data, info_slave_data, ...info } = (linkinfo ?? {}) as Item
  const up = (flags as string[]).includes('UP')
  return { ...link, up, info, data: lasting(info_data), port: lasting(info_slave_data) }
}

/** A route says so too, for as long. */
function withoutCarrier({ flags, ...route }: Item): Item {
  return { ...route, flags: ((flags ?? []) as string[]).filter(flag => flag !== 'linkdown') }
}

function lasting(data: unknown): Item {
  const { ageing_time, ...item } = (data ?? {}) as Item
  const lasts = Object.fromEntries(Object.entries(item).filter(([key]) => !passing.test(key)))
  // With a spanning tree, another one after each change of it.
  return ageing_time === undefined || item.stp_state === 1 ? lasts : { ...lasts, ageing_time }
}

function held({ ifname, addr_info }: Item): Item {
  const addresses = (addr_info as Item[]).map(({ family, local, prefixlen, scope, nodad }) =>
    text({ family, local, prefixlen, scope, nodad }),
  )
  return { ifname, addresses: addresses.filter(steady).sort() }
}

/** Link-local addresses, and the local table's routes to IPv6 addresses, come when a link has carrier: a moment later. */
const steady = (line: string) => !/fe80:|ff00::|"type":"(local|anycast)".*"protocol":"kernel".*"pref"/.test(line)
const text = (value: unknown) => JSON.stringify(value)
const byName = (a: Item, b: Item) => (`${a.ifname}` < `${b.ifname}` ? -1 : 1)
