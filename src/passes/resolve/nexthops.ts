/** Next hops as people write them: an address, a node or an end in; address and interface for each family out. */
import { error } from '../../diagnostic.js'
import type { NextHopSpec } from '../../kinds/index.js'
import { type Address, classify, contains, isUnicast, parseAddress, parsePrefix, shortest } from '../../model/ip.js'
import type { Family, NextHop } from '../../model/network.js'
import { readAddress } from './address.js'
import type { Draft, DraftInterface, DraftNode, Report } from './draft.js'
import { parseName } from './ends.js'
import { type Item, pick } from './item.js'
import { printable } from './names.js'
import { didYouMean } from './nearest.js'
import { type Reach, reachable, waysOver } from './reach.js'
import { findInterface } from './stacking.js'

export interface Hop extends NextHop {
  readonly family: Family
  readonly dev: string
}

export interface RouteContext {
  readonly draft: Draft
  readonly reach: Reach
  readonly report: Report
}

/** What a route says for all of its next hops. */
export interface Common {
  readonly node: DraftNode
  readonly dev: Item<string> | undefined
  readonly onlink: boolean
}

interface Wanted extends Common {
  readonly via: Item<string>
  readonly dev: Item<string> | undefined
  readonly port: DraftInterface | undefined
  readonly weight: number
}

/** The next hop for each family that it has; empty when something is wrong, which is reported. */
export function readHop(item: Item<NextHopSpec>, common: Common, context: RouteContext): readonly Hop[] {
  const { value, at } = item
  const spec = typeof value === 'string' ? undefined : { value, at }
  const via = typeof value === 'string' ? { value, at } : pick({ value, at }, 'via')
  const dev = (spec && pick(spec, 'dev')) ?? common.dev
  const weight = (spec && pick(spec, 'weight')?.value) ?? 1
  const onlink = (spec && pick(spec, 'onlink')?.value) ?? common.onlink
  const port = dev && findInterface(common.node, dev, context.report)
  if (dev && !port) return []
  if (port && !port.up) return refuse(context, `${port.name} is not up: no route leads over it`, dev!, 'bad-route')
  if (via) return readVia({ node: common.node, via, dev, port, weight, onlink }, context)
  if (port) return familiesOf(port).map(family => ({ family, dev: port.name, weight, onlink }))
  return refuse(context, 'a next hop has `via`, `dev`, or both', item, 'bad-route')
}

function refuse(
  context: RouteContext,
  message: string,
  { at }: Item<unknown>,
  code: 'bad-route' | 'unreachable-gateway',
  hint?: string,
): readonly Hop[] {
  context.report(error(code, message, at, hint === undefined ? {} : { hint }))
  return []
}

/** Of a route that names only an interface. */
function familiesOf(port: DraftInterface): readonly Family[] {
  const families = new Set(port.addresses.map(address => address.family))
  return families.size > 0 ? [...families].sort() : [4, 6]
}

function readVia(wanted: Wanted, context: RouteContext): readonly Hop[] {
  const { via } = wanted
  const address = parseAddress(via.value)
  if (address) return overAddress(address, wanted, context)
  if (parsePrefix(via.value) || /^[\d.]+$/.test(via.value)) {
    if (!context.draft.nodes.has(via.value)) {
      const read = readAddress(via)
      if ('wrong' in read) context.report(read.wrong)
      return []
    }
  }
  return overName(wanted, context)
}

function overAddress(address: Address, wanted: Wanted, context: RouteContext): readonly Hop[] {
  const { node, via, port, weight, onlink } = wanted
  const hop = (dev: DraftInterface): Hop[] => [
    { family: address.family, via: shortest(via.value, address), dev: dev.name, weight, onlink },
  ]
  const no = (message: string, hint?: string) => refuse(context, message, via, 'unreachable-gateway', hint)
  if (!isUnicast(address) || classify(address) === 'loopback') return no(`${via.value} cannot be a next hop`)
  if (context.reach.owns(node, address))
    return node.broken ? [] : no(`${via.value} is an address of ${node.name} itself`)
  const linkLocal = classify(address) === 'link-local' && address.family === 6
  if (port && (onlink || linkLocal)) return hop(port)
  const found = context.reach.toward(node, address)
  if (found && (port === undefined || found === port) && found.up) return hop(found)
  if (port && reaches(port, address)) return hop(port)
  if (node.broken) return []
  if (found && !found.up) return no(`${via.value} lies beyond ${found.name}, which is not up`)
  if (found && port) return no(`${via.value} lies beyond ${found.name}, not ${port.name}`)
  if (linkLocal)
    return no(`${via.value} is on every link: \`dev\` must say which`, `{ via: "${via.value}", dev: eth0 }`)
  if (onlink) return no(`\`onlink\` wants a \`dev\`: no interface of ${node.name} has ${via.value} in its subnet`)
  const known = reachable(node)
  const hint = known ? `${node.name} reaches ${known}` : `${node.name} has no addresses on its links`
  return no(`no interface of ${node.name} reaches ${via.value}`, hint)
}

const reaches = (port: DraftInterface, address: Address): boolean =>
  port.addresses.some(({ prefix }) => contains(prefix, address))

function overName(wanted: Wanted, context: RouteContext): readonly Hop[] {
  const { node, via, port, weight, onlink } = wanted
  const name = parseName(via.value, { path: via.at })
  if ('wrong' in name) {
    context.report(name.wrong)
    return []
  }
  const other = context.draft.nodes.get(name.value.node)
  const { strangers, gaps } = context.draft
  if (other === undefined && (strangers.has(name.value.node) || gaps.hides(name.value.node))) return []
  if (other === undefined) {
    const near = didYouMean(name.value.node, context.draft.nodes.keys())
    context.report(error('unknown-node', `there is no node \`${printable(name.value.node)}\``, via.at, near))
    return []
  }
  const end = name.value.interface
  if (end !== undefined && !findInterface(other, { value: end, at: via.at }, context.report)) return []
  const pairs = context.reach.neighbours(node, other, end).filter(pair => port === undefined || pair.own === port)
  const ways = waysOver(pairs.filter(pair => pair.own.up))
  if (ways.length > 0) return ways.map(({ family, via, dev }) => ({ family, via, dev: dev.name, weight, onlink }))
  if (node.broken || other.broken) return []
  return refuse(context, ...unreached(wanted, other, pairs.length > 0), 'unreachable-gateway', hintFor(wanted))
}

function unreached({ node, via, port }: Wanted, other: DraftNode, shared: boolean): [string, Item<unknown>] {
  if (other === node) return [`${via.value} is ${node.name} itself`, via]
  const where = port ? ` by ${port.name}` : ''
  if (!shared) return [`${node.name} has no link with ${via.value}${where}`, via]
  return [`${via.value} has no address in a subnet of ${node.name}${where}`, via]
}

function hintFor({ node }: Wanted): string | undefined {
  const known = reachable(node)
  return known === undefined ? undefined : `${node.name} reaches ${known}`
}
