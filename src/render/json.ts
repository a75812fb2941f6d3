/** What came of commands in, the values that `--json` prints out; their schemas are in schemas.ts. */

import { subject } from '../model/change.js'
import type { Document, Path } from '../model/document.js'
import type { Network, Node } from '../model/network.js'
import type { Change, Operation, RefusedOperation } from '../model/plan.js'
import type { DiffReport, Inspection, LabStatus, NodeInspection, UpReport, WatchEvent } from '../model/report.js'
import type { Link } from '../model/state.js'
import { namespaceName } from '../resources/index.js'
import { describe, describeOperation } from './describe.js'
import { diagnosticJson } from './diagnostics.js'
import { placeJson } from './place.js'
import type { WatchLine } from './schemas/differences.js'
import type { ResultOf } from './schemas.js'

export function upJson({ network, ...report }: UpReport, document: Document | undefined): ResultOf<'up'> {
  const refused = report.refused.map(one => refusedJson(one, document))
  const places = network ? { places: network.nodes.map(node => placeOf(report.lab, node)) } : {}
  return { ...report, operations: report.operations.length, refused, ...places }
}

/** What a program in any language needs of a node. */
function placeOf(lab: string, { name, kind, interfaces }: Node) {
  const addresses = interfaces.flatMap(({ name: dev, addresses: own }) =>
    own.map(({ address, prefixLength }) => ({ interface: dev, address, prefixLength })),
  )
  return { node: name, kind, namespace: `/run/netns/${namespaceName(lab, name)}`, addresses }
}

function refusedJson({ operation, output, ...why }: RefusedOperation, document: Document | undefined) {
  return {
    operation: operationText(operation),
    ...why,
    ...(output ? { output: [...output] } : {}),
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

/** One line of what `watch` prints. */
export function watchJson({ document, ...event }: WatchEvent): WatchLine {
  const changes = 'changes' in event ? { changes: event.changes.map(change => changeJson(change, document)) } : {}
  const done = 'operations' in event ? { operations: event.operations.map(operationText) } : {}
  const why = 'diagnostics' in event ? { diagnostics: event.diagnostics.map(d => diagnosticJson(d, document)) } : {}
  return JSON.parse(JSON.stringify({ ...event, ...changes, ...done, ...why }))
}

function operationText(operation: Operation): string {
  return `${operation.verb} ${describeOperation(operation)}`
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
  const { link, route, rule, neighbor, sysctl, host, file, process } = node.state
  const [own] = host.values()
  return JSON.parse(
    JSON.stringify({
      ...{ node: node.node, kind: node.kind, labels: node.labels, namespace: node.namespace },
      interfaces: [...link.values()].map(one => interfaceJson(one, node)),
      routes: [...route.values()],
      rules: [...rule.values()],
      neighbors: [...neighbor.values()],
      sysctls: Object.fromEntries([...sysctl.values()].map(({ name, value }) => [name, value])),
      ...(own ? { host: own, usage: node.usage, files: [...file.values()], programs: [...process.values()] } : {}),
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
