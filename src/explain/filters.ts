/** A way on which packets get lost in, and how to send some more; the node that drops them, by what its counters say, out. */
import type { Hop, Reason } from '../model/explanation.js'
import { type FilterChain, type FilterRule, readFilterChain, readFilterRule } from '../netlink/filters.js'
import { linkRequest, readCounters } from '../resources/index.js'
import { type Scene, setting } from './scene.js'

/** What a node counts, and what it filters by. */
interface Count {
  readonly rules: readonly FilterRule[]
  readonly chains: readonly FilterChain[]
  /** Packets, by interface. */
  readonly came: ReadonlyMap<string, number>
  readonly went: ReadonlyMap<string, number>
}

export interface Sending {
  /** There and back. */
  readonly hops: readonly Hop[]
  /** The place of the hop where it arrives, and is answered. */
  readonly turn: number
  /** The way was followed to its end: what comes to a hop and does not leave it, is dropped there. */
  readonly whole: boolean
  /** Sends so many packets. */
  readonly send: () => Promise<number>
}

/** @returns also the place of the hop */
export async function droppedAt(scene: Scene, sending: Sending): Promise<readonly [Reason, number] | undefined> {
  const { hops, whole, send } = sending
  const nodes = [...new Set(hops.flatMap(hop => [hop.node, ...hop.through.map(end => end.node)]))]
  const before = new Map(nodes.map(node => [node, countIn(scene, node)]))
  const sent = await send()
  const after = new Map(nodes.map(node => [node, countIn(scene, node)]))
  const place = whole ? lostPlace(hops, { before, after, sent }) : -1
  for (const node of nodes) {
    const counted = after.get(node)!.rules.find(rule => rule.verdict && grown(before.get(node)!, rule) >= sent)
    if (!counted) continue
    const reason: Reason = { node, why: 'filtered', text: `nft ${wordOf(counted)} it: ${nameOf(counted)}` }
    return [reason, hops[place]?.node === node ? place : hops.findIndex(hop => hop.node === node)]
  }
  return place < 0
    ? undefined
    : [lostIn(scene, hops[place]!, { turn: place === sending.turn, count: after.get(hops[place]!.node)! }), place]
}

interface Counted {
  readonly before: ReadonlyMap<string, Count>
  readonly after: ReadonlyMap<string, Count>
  readonly sent: number
}

/** The first hop to which all came, and which not all left. */
function lostPlace(hops: readonly Hop[], { before, after, sent }: Counted): number {
  return hops.findIndex(({ node, in: by, out }) => {
    const [was, is] = [before.get(node)!, after.get(node)!]
    const came = by === undefined || more(was.came, is.came, by) >= sent
    return came && out !== undefined && more(was.went, is.went, out) < sent
  })
}

function countIn({ space, probes }: Scene, node: string): Count {
  const links = space.dump(node, linkRequest({})).map(readCounters)
  return {
    came: new Map(links.map(([name, { rxPackets }]) => [name, rxPackets])),
    went: new Map(links.map(([name, { txPackets }]) => [name, txPackets])),
    chains: probes.filters(node, 'chains').map(readFilterChain),
    rules: probes.filters(node, 'rules').map(readFilterRule),
  }
}

function grown({ rules }: Count, { table, handle, family, packets = 0 }: FilterRule): number {
  const same = rules.find(rule => rule.table === table && rule.handle === handle && rule.family === family)
  return packets - (same?.packets ?? 0)
}

function more(was: ReadonlyMap<string, number>, is: ReadonlyMap<string, number>, name: string): number {
  return (is.get(name) ?? 0) - (was.get(name) ?? 0)
}

/** It came, and did not go. */
function lostIn(scene: Scene, hop: Hop, { turn, count }: { readonly turn: boolean; readonly count: Count }): Reason {
  const { node, in: by, out } = hop
  const ignored = turn && setting(scene, node, 'net.ipv4.icmp_echo_ignore_all') !== 0
  if (ignored) return { node, why: 'filtered', text: 'echo requests are ignored: net.ipv4.icmp_echo_ignore_all' }
  const came = turn ? 'it arrives, and is not answered' : `what comes by ${by} does not leave by ${out}`
  const how = by === undefined ? `nothing leaves by ${out}` : came
  const suspect = suspectIn(count)
  if (!suspect) return { node, why: 'unknown', text: how, likely: true }
  return { node, why: 'filtered', text: `${how}; nft may drop it: ${suspect}`, likely: true }
}

function suspectIn({ rules, chains }: Count): string | undefined {
  const silent = rules.find(rule => rule.verdict && rule.packets === undefined)
  if (silent) return nameOf(silent)
  const chain = chains.find(one => one.base && one.drops)
  return chain && `chain ${chain.chain} of table ${chain.family} ${chain.table} has the policy drop`
}

const wordOf = ({ verdict }: FilterRule) => (verdict === 'reject' ? 'rejects' : 'drops')

function nameOf({ family, table, chain, handle }: FilterRule): string {
  return `the rule with handle ${handle} in chain ${chain} of table ${family} ${table}`
}
