/** What was left out of a topology in; out which nodes lack something by that, and which errors would only follow from it. */
import type { Code, Diagnostic } from '../../diagnostic.js'
import type { Topology } from '../../kinds/index.js'
import type { Document, Path, Value } from '../../model/document.js'
import { entryAround } from '../validate/dropped.js'
import { similar } from '../validate/similar.js'

export interface Gaps {
  readonly some: boolean
  /** Whether the node of this name, which stands there, lacks something, or an end of a link. */
  breaks(name: string, at: Path): boolean
  /** Whether it may be another thing than it seems: a switch, a bridge between its links. */
  unsure(name: string): boolean
  /** Whether a node of this name may stand in what was left out. */
  hides(name: string): boolean
  /** Whether the error may be one only because of what was left out. */
  follows(diagnostic: Diagnostic): boolean
}

const nothing: Gaps = {
  some: false,
  breaks: () => false,
  unsure: () => false,
  hides: () => false,
  follows: () => false,
}

/** Errors that a missing key makes of the keys beside it. */
const ofEntries: ReadonlySet<Code> = new Set<Code>([
  ...(['unknown-key', 'missing-key', 'bad-value', 'bad-route', 'bad-rule'] as const),
  ...(['subnet-full', 'mtu-too-small'] as const),
])

export function gapsIn({ value }: Document, topology: Topology, dropped: readonly Path[]): Gaps {
  if (dropped.length === 0) return nothing
  const lacks = (section: keyof Topology & string) => dropped.some(path => isOf(section, path, topology))
  const heirs = heirsOf(topology, new Set(namesBelow('groups', dropped)))
  const shaped = dropped.filter(shapesNode).map(path => `${path[1]}`)
  const unsure = new Set([...heirs, ...shaped])
  const links = linksOf(value, dropped)
  const broken = new Set([...unsure, ...namesBelow('nodes', dropped), ...links.named])
  const holders = new Set([...dropped.map(holderOf), ...heirs.map(name => ['nodes', name])].map(keyOf))
  const nameless = lacks('nodes') || lacks('links')
  const strange = links.ends.some(name => !Object.hasOwn(topology.nodes ?? {}, name))
  // Pools number the lab as a whole, and defaults hold for all of it.
  const common = lacks('groups') || lacks('defaults') || lacks('addressing') || Boolean(topology.addressing)
  const all = nameless || common || strange || links.unread
  return {
    some: true,
    breaks: (name, at) => all || broken.has(name) || holders.has(keyOf(at.slice(0, 2))),
    unsure: name => unsure.has(name),
    hides: name => nameless || links.named.has(name) || (links.some && /^lan\d+$/.test(name)),
    follows: followsFrom(dropped, { holders, groups: lacks('groups') }),
  }
}

interface Lacking {
  /** The entries that lack something, by `keyOf`. */
  readonly holders: ReadonlySet<string>
  /** Whether the section of groups was left out. */
  readonly groups: boolean
}

function followsFrom(dropped: readonly Path[], { holders, groups }: Lacking): Gaps['follows'] {
  const faulty = new Set(dropped.map(keyOf))
  // What all nodes inherit, any of them may lack.
  const inherited = groups || dropped.some(path => path[0] === 'defaults')
  return ({ code, at }) => {
    if (code === 'pool-full' || (code === 'unknown-group' && groups)) return true
    if (!at || !('path' in at)) return false
    if (faulty.has(keyOf(at.path))) return true
    if (!ofEntries.has(code)) return false
    return inherited || [2, 3, 4].some(depth => holders.has(keyOf(at.path.slice(0, depth))))
  }
}

const keyOf = (path: Path): string => JSON.stringify(path)

/** Whether a section was left out, in whole (for defaults: in part), or stands there under a name that does not exist. */
function isOf(section: keyof Topology & string, [key, ...more]: Path, topology: Topology): boolean {
  if (key === section) return more.length === 0 || section === 'defaults'
  if (more.length > 0 || topology[section] !== undefined) return false
  return section === 'nodes'
    ? !/^(name|ipv6|routing|\$schema)$/.test(`${key}`)
    : similar(`${key}`, [section]) !== undefined
}

const namesBelow = (section: string, dropped: readonly Path[]): readonly string[] =>
  dropped.filter(path => path[0] === section && path.length > 1).map(path => `${path[1]}`)

/** Nodes that inherit from one of these groups. */
function heirsOf({ nodes }: Topology, groups: ReadonlySet<string>): readonly string[] {
  if (groups.size === 0) return []
  return Object.entries(nodes ?? {}).flatMap(([name, spec]) => {
    const said = spec?.group ?? []
    return (typeof said === 'string' ? [said] : said).some(group => groups.has(group)) ? [name] : []
  })
}

/** Whether what a node lacks there may change what it is to others. */
function shapesNode([section, name, key]: Path): boolean {
  if (section !== 'nodes' || name === undefined) return false
  return key === undefined || similar(`${key}`, ['kind', 'group', 'interfaces', 'subnet']) !== undefined
}

/** The entry that lacks something. */
function holderOf(path: Path): Path {
  const inside =
    path[0] === 'nodes' &&
    path.length > 3 &&
    /^(interfaces|files|processes|(routes|rules|neighbors)\+?)$/.test(`${path[2]}`)
  return inside ? entryAround(path) : path.slice(0, 2)
}

interface Links {
  /** Whether links lack something: LANs without a name may be called otherwise then. */
  readonly some: boolean
  /** All names that stand in links that lack something. */
  readonly named: ReadonlySet<string>
  /** The nodes at the ends of links that were left out. */
  readonly ends: readonly string[]
  /** Whether the ends of one of them cannot be read. */
  readonly unread: boolean
}

function linksOf(file: Value, dropped: readonly Path[]): Links {
  const paths = dropped.filter(path => path[0] === 'links' && path.length > 1)
  const ends = paths.filter(path => path.length === 2).map(path => endsIn(below(file, path)))
  const named = new Set(paths.flatMap(path => namesIn(below(file, path.slice(0, 2)))))
  return { some: paths.length > 0, named, ends: ends.flat(), unread: ends.some(names => names.length < 2) }
}

function below(value: Value | undefined, path: Path): Value | undefined {
  let inner = value
  for (const step of path)
    inner = typeof inner === 'object' && inner !== null ? (Reflect.get(inner, step) as Value | undefined) : undefined
  return inner
}

/** The nodes of a link that may have any form: what its first list names. */
function endsIn(link: Value | undefined): readonly string[] {
  if (typeof link !== 'object' || link === null) return []
  const list = Array.isArray(link) ? link : Object.values(link).find(each => Array.isArray(each))
  return (list ?? []).map((end: Value) => nodeOf(typeof end === 'object' ? below(end, ['node']) : end))
}

const nodeOf = (end: Value | undefined): string => `${end}`.trim().split(/[:\s]/)[0]!

function namesIn(value: Value | undefined): readonly string[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [nodeOf(value)]
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(namesIn)
}
