/** What came of commands in, the values that `--json` prints out; their schemas are in schemas.ts. */
import type { Document, Path } from '../model/document.js'
import type { Network } from '../model/network.js'
import type { Change, RefusedOperation } from '../model/plan.js'
import type { DiffReport, Inspection, LabStatus, NodeInspection, UpReport } from '../model/report.js'
import type { Link } from '../model/state.js'
import { describe, describeOperation } from './describe.js'
import { subject } from './diff.js'
import { placeJson } from './place.js'
import type { ResultOf } from './schemas.js'

export function upJson(report: UpReport, document: Document | undefined): ResultOf<'up'> {
  const refused = report.refused.map(one => refusedJson(one, document))
  return { ...report, operations: report.operations.length, refused }
}

function refusedJson({ operation, ...why }: RefusedOperation, document: Document | undefined) {
  return {
    operation: `${operation.verb} ${describeOperation(operation)}`,
    ...why,
    ...placed(operation.resource.at, document),
  }
}

function placed(at: Path | undefined, document: Document | undefined) {
  return at === undefined || document === undefined ? {} : { place: placeJson(at, document) }
}

export function diffJson(report: DiffReport, document: Document | undefined): ResultOf<'diff'> {
  const changes = report.changes.map(change => changeJson(change, document))
  return JSON.parse(JSON.stringify({ ...report, changes }))
}

function changeJson(change: Change, document: Document | undefined) {
  const about = subject(change)
  return { node: about.node, text: describe(about), ...placed(about.at, document), ...change }
}

export function labsJson(labs: readonly LabStatus[]): ResultOf<'ls'> {
  return labs.map(({ lab, state, nodes, record }) => ({ lab, state, nodes, ...recordJson(record) }))
}

function recordJson(record: LabStatus['record']) {
  if (!record) return {}
  const { created, owner, links, source } = record
  return { links, created, owner, ...(source.path === undefined ? {} : { file: source.path }) }
}

export function inspectionJson({ lab, record, nodes }: Inspection): ResultOf<'inspect'> {
  const { links: _, ...origin } = { links: 0, ...recordJson(record) }
  const state = record ? { state: record.state } : {}
  return { lab, ...state, ...origin, nodes: nodes.map(nodeJson) }
}

function nodeJson(node: NodeInspection): ResultOf<'inspect'>['nodes'][number] {
  const { link, route, rule, neighbor, sysctl } = node.state
  return JSON.parse(
    JSON.stringify({
      ...{ node: node.node, kind: node.kind, labels: node.labels, namespace: node.namespace },
      interfaces: [...link.values()].map(one => interfaceJson(one, node)),
      routes: [...route.values()],
      rules: [...rule.values()],
      neighbors: [...neighbor.values()],
      sysctls: Object.fromEntries([...sysctl.values()].map(({ name, value }) => [name, value])),
      processes: node.processes,
    }),
  )
}

function interfaceJson(link: Link, { state, counters }: NodeInspection) {
  const { name, kind, index, mac, mtu, up, running, master, parent, peer, data } = link
  const addresses = [...state.address.values()].filter(address => address.dev === name)
  return {
    ...{ name, kind, index, mac, mtu, up, running, master, parent },
    ...(peer ? { peer: `${peer.node}:${peer.name}` } : {}),
    addresses: addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    settings: data,
    counters: counters[name],
  }
}

export function graphJson(network: Network): ResultOf<'graph'> {
  const nodes = network.nodes.map(({ name, kind, labels, interfaces }) => ({
    ...{ name, kind, labels: { ...labels } },
    interfaces: interfaces.map(({ name, kind, mac, mtu, addresses }) => ({
      ...{ name, kind, mtu, ...(mac === undefined ? {} : { mac }) },
      addresses: addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    })),
  }))
  const links = network.wires.map(({ ends }) => ends.map(end => `${end.node}:${end.interface}`))
  return { lab: network.lab, nodes, links }
}
