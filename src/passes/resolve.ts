/** A validated topology in; a network where nothing is left to inherit, number, name or look up out. */
import { type Diagnostic, type Outcome, outcome, warning } from '../diagnostic.js'
import type { Topology } from '../kinds/index.js'
import type { Document, Path } from '../model/document.js'
import type { Network } from '../model/network.js'
import { withoutExcess } from './resolve/bounds.js'
import { doubtMtus, doubtSegments } from './resolve/doubts.js'
import type { Draft, DraftNode, Report } from './resolve/draft.js'
import { findDuplicateAddresses, repeatedAddresses } from './resolve/duplicates.js'
import { type Entries, finish, type NodeEntries } from './resolve/finish.js'
import { type Gaps, gapsIn } from './resolve/gaps.js'
import { gatewayRoutes } from './resolve/gateways.js'
import type { Files } from './resolve/host/files.js'
import { namesOfAll } from './resolve/host/hostname.js'
import { checkNeeds } from './resolve/host/needs.js'
import { readHost } from './resolve/host.js'
import { inherit } from './resolve/inherit.js'
import { addLoopback, declareInterfaces } from './resolve/interfaces.js'
import { decideIpv6 } from './resolve/ipv6.js'
import { doubtLonely, doubtParts, doubtStranded } from './resolve/isolation.js'
import { type Item, pick } from './resolve/item.js'
import { connect } from './resolve/links.js'
import { findLoops } from './resolve/loops.js'
import { setMacs } from './resolve/macs.js'
import { numberFromPools, numberSubnets, readSubnets } from './resolve/numbering.js'
import { doubtOverlaps } from './resolve/overlaps.js'
import { indexReach } from './resolve/reach.js'
import { collect } from './resolve/report.js'
import { mergeRoutes, readRoutes } from './resolve/routes.js'
import { readRules } from './resolve/rules.js'
import { type DraftSegment, findSegments } from './resolve/segments.js'
import { readNeighbors, readSysctls } from './resolve/settings.js'
import { spreadDoubt } from './resolve/spread.js'
import { setMtus, stack } from './resolve/stacking.js'
import { readTests } from './resolve/tests.js'
import { computeRoutes } from './routing.js'

/**
 * All that is wrong with what the file means, in one run; nothing throws. What merely follows from entries that were
 * left out of the topology (`dropped`) is not said.
 */
export function resolve(document: Document, topology: Topology, dropped: readonly Path[] = []): Outcome<Network> {
  const gaps = gapsIn(document, topology, dropped)
  const { report, diagnostics } = collect(gaps.follows)
  const file: Item<Topology> = { value: withoutExcess(topology, report), at: [] }
  const draft = build(document, file, { gaps, report })
  const segments = findSegments(draft)
  const subnets = readSubnets(segments, report)
  numberSubnets(subnets, report)
  const assigned = numberFromPools({ document, topology: file, draft, segments, subnets, report })
  const repeated = repeatedAddresses(draft)
  findDuplicateAddresses(draft, repeated, report)
  decideIpv6(draft, report)
  const entries = readEntries(draft, { segments, files: document.source, report })
  doubtSegments(segments, { subnets, repeated, report })
  doubtMtus(draft, report)
  doubtLonely(draft, report)
  const routing = pick(file, 'routing')
  const computed = routing?.value === 'shortest-path' && !gaps.some && !diagnostics.some(isError)
  if (computed) doubtOverlaps(draft, segments, report)
  if (computed) doubtParts(segments, routing.at, report)
  const tests = readTests(file, draft, report)
  const own = finish({ lab: document.lab, draft, segments, assigned, entries, tests })
  const network = computed ? withComputed(own) : own
  if (routing?.value !== 'shortest-path') doubtStranded(segments, entries, report)
  doubtTables(draft, network, report)
  return outcome(network, diagnostics)
}

const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === 'error'

/** Nodes and interfaces, with all but the addresses that are left to us. */
function build(
  document: Document,
  file: Item<Topology>,
  { gaps, report }: { readonly gaps: Gaps; readonly report: Report },
): Draft {
  const nodes = inherit(file, { gaps, report })
  const draft: Draft = { nodes, links: [], wires: [], ports: [], strangers: new Set(), gaps }
  for (const node of draft.nodes.values()) addLoopback(node, report)
  connect(file, draft, report)
  if (gaps.some) spreadDoubt(draft)
  declareInterfaces(file, draft, report)
  for (const node of draft.nodes.values()) for (const port of node.interfaces.values()) draft.ports.push(port)
  stack(draft, report)
  findLoops(draft, report)
  setMtus(draft, report)
  setMacs(document.lab, draft)
  return draft
}

const none: readonly never[] = []

interface Reading {
  readonly segments: readonly DraftSegment[]
  readonly files: Files
  readonly report: Report
}

function readEntries(draft: Draft, { segments, files, report }: Reading): Entries {
  const names = namesOfAll(draft)
  const context = { draft, reach: indexReach(segments), report }
  const gateways = gatewayRoutes(segments, context)
  const entries = new Map<DraftNode, NodeEntries>()
  for (const node of draft.nodes.values()) {
    const routes = mergeRoutes(readRoutes(node, context), gateways.get(node) ?? none)
    const rules = readRules(node, report)
    const neighbors = readNeighbors(node, report)
    const host = readHost(node, { names, files, report })
    entries.set(node, { routes, rules, neighbors, sysctls: readSysctls(node, report), host })
  }
  checkNeeds(draft, entries, report)
  return entries
}

function withComputed(network: Network): Network {
  const computed = computeRoutes(network)
  const nodes = network.nodes.map(node => {
    const more = computed.get(node.name)
    return more === undefined ? node : { ...node, routes: mergeRoutes(node.routes, more) }
  })
  return { ...network, nodes }
}

/** Rules that look up a table without a route. */
function doubtTables(draft: Draft, { nodes }: Network, report: Report): void {
  for (const { name, rules, routes } of nodes) {
    if (rules.length === 0 || draft.nodes.get(name)?.broken) continue
    const filled = new Set([253, 254, 255, ...routes.map(route => route.table)])
    for (const { table, at } of rules)
      if (table !== undefined && !filled.has(table)) {
        const hint = `routes of table ${table} say \`table: ${table}\``
        report(warning('empty-table', `${name} has no route in table ${table}, which this rule looks up`, at, { hint }))
      }
  }
}
