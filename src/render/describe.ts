/** A resource or an operation in, plain words out. */
import { unreachable } from '../diagnostic.js'
import type { NextHop } from '../model/network.js'
import type { FieldChange, Operation } from '../model/plan.js'
import type { File, Host, Link, Resource, Route, Rule } from '../model/state.js'
import { kindOf } from '../resources/index.js'
import { plain } from './table.js'

/** The kernel's main routing table, where routes go that name none. */
const mainTable = 254

/** What it is and where: `address 10.0.0.1/24 on h1:eth0`. */
export function describe(resource: Resource): string {
  return plain(words(resource))
}

/** What is done: `create link h1:eth0 ↔ h2:eth0 (veth, mtu 1500)`, without the verb. */
export function describeOperation(operation: Operation): string {
  const { resource, partner, changes = [] } = operation
  const subject = resource.type === 'link' ? link(resource, partner, operation.verb !== 'update') : words(resource)
  return plain(changes.length === 0 ? subject : `${subject}: ${changes.map(describeField).join(', ')}`)
}

/** `mtu 1500 → 1400` */
export function describeField(change: FieldChange): string {
  const { field, from, to } = change
  return digests[field] ?? `${field} ${fieldValue(field, from)} → ${fieldValue(field, to)}`
}

/** Fields whose values say nothing to anybody. */
export const digests: Readonly<Record<string, string>> = { digest: 'other contents', files: 'other files of its node' }

const quantities: Readonly<Record<string, (of: number) => string>> = {
  mode: of => `0${of.toString(8)}`,
  memory: size,
  log: size,
  cpu: of => `${Math.round(of * 1000) / 10}%`,
}

/** A property's value as people write it, where its name tells more about it. */
export function fieldValue(field: string, of: unknown): string {
  if (typeof of === 'number') return quantities[field]?.(of) ?? `${of}`
  if (Array.isArray(of) && (field === 'command' || field === 'isolate')) return of.join(' ') || 'none'
  return value(of)
}

function words(resource: Resource): string {
  switch (resource.type) {
    case 'namespace':
      return `node ${resource.node}`
    case 'link':
      return link(resource, undefined, true)
    case 'address':
      return `address ${resource.address}/${resource.prefixLength} on ${resource.node}:${resource.dev}`
    case 'route':
      return `route of ${resource.node}: ${routeWords(resource)}`
    case 'rule':
      return `rule of ${resource.node}: ${ruleWords(resource)}`
    case 'neighbor':
      return `neighbour ${resource.to} at ${resource.mac} on ${resource.node}:${resource.dev}`
    case 'sysctl':
      return `sysctl of ${resource.node}: ${resource.name} = ${resource.value}`
    case 'host':
      return `host ${resource.node} (${hostFacts(resource).join(', ')})`
    case 'file':
      return `file ${resource.node}:${resource.path} (${origin(resource)})`
    case 'process':
      return `process ${resource.node}:${resource.name} (${shortened(resource.command.join(' '))})`
    default:
      return unreachable(resource)
  }
}

/** Its name, its namespaces and its limits. */
export function hostFacts({
  hostname,
  isolate,
  limits = {},
}: Pick<Host, 'hostname' | 'isolate' | 'limits'>): readonly string[] {
  const { memory, cpu, pids } = limits
  return [
    hostname,
    ...(isolate.length === 0 ? [] : [`own ${isolate.join(' ')}`]),
    ...(memory === undefined ? [] : [`memory ${fieldValue('memory', memory)}`]),
    ...(cpu === undefined ? [] : [`cpu ${fieldValue('cpu', cpu)}`]),
    ...(pids === undefined ? [] : [`${pids} pids`]),
  ]
}

/** What it is made from. */
export function origin(file: File): string {
  switch (file.kind) {
    case 'content':
      return `${Buffer.byteLength(file.content)} bytes`
    case 'bind':
      return `seen from ${file.from}`
    case 'copy':
      return `copy of ${file.from}`
    case 'tmpfs':
      return `tmpfs of ${size(file.size)}`
  }
}

/** As the language writes it. */
export function size(bytes: number): string {
  const [unit, step] = (
    [
      ['gb', 1024 ** 3],
      ['mb', 1024 ** 2],
      ['kb', 1024],
    ] as const
  ).find(([, each]) => bytes % each === 0) ?? ['', 1]
  return unit === '' ? `${bytes} bytes` : `${bytes / step}${unit}`
}

const longest = 60
const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

function link(resource: Link, partner: Link | undefined, detailed: boolean): string {
  const far = partner ? { node: partner.node, name: partner.name } : undefined
  const name = `${resource.node}:${resource.name}${far ? ` ↔ ${far.node}:${far.name}` : ''}`
  return detailed ? `link ${name} (${linkFacts(resource).join(', ')})` : `link ${name}`
}

function linkFacts(resource: Link): readonly string[] {
  return [
    resource.kind,
    `mtu ${resource.mtu}`,
    ...(resource.master === undefined ? [] : [`port of ${resource.master}`]),
    ...(resource.parent === undefined ? [] : [`on ${resource.parent}`]),
    ...(resource.up ? [] : ['down']),
  ]
}

/** As `ip route` says it: `10.9.0.0/16 via 192.0.2.2 dev wan1`. */
export function routeWords(route: Route): string {
  const hops = route.nextHops.map(hop => hopWords(hop, route.nextHops.length > 1))
  return [
    ...(route.action === 'unicast' ? [] : [route.action]),
    destination(route.to),
    ...hops,
    ...(route.table === mainTable ? [] : [`table ${route.table}`]),
    ...(route.metric === (route.family === 4 ? 0 : 1024) ? [] : [`metric ${route.metric}`]),
    ...(route.src === undefined ? [] : [`src ${route.src}`]),
    ...(route.mtu === undefined ? [] : [`mtu ${route.mtu}`]),
  ].join(' ')
}

function destination(to: string): string {
  if (to === '0.0.0.0/0') return 'default'
  return to === '::/0' ? 'default (IPv6)' : to
}

function hopWords(hop: NextHop, several: boolean): string {
  return [
    ...(hop.via === undefined ? [] : [`via ${hop.via}`]),
    ...(hop.dev === undefined ? [] : [`dev ${hop.dev}`]),
    ...(several && hop.weight !== 1 ? [`weight ${hop.weight}`] : []),
    ...(hop.onlink ? ['onlink'] : []),
  ].join(' ')
}

/** `1000 (IPv4): from 10.0.0.128/25 table 100` */
export function ruleWords(rule: Rule): string {
  return kindOf('rule')
    .name(rule)
    .replace(/^rule /, '')
}

/** A property's value as people write it. */
export function value(of: unknown): string {
  if (of === undefined || of === null || of === '') return 'none'
  if (Array.isArray(of)) return of.length === 0 ? 'none' : of.map(value).join(' and ')
  if (typeof of !== 'object') return String(of)
  if ('weight' in of && 'onlink' in of) return hopWords(of as NextHop, true)
  if ('node' in of && 'name' in of) return `${of.node}:${of.name}`
  if ('node' in of && 'process' in of) return `${of.node}:${of.process}`
  const entries = Object.entries(of).filter(([, each]) => each !== undefined)
  return entries.map(([key, each]) => `${key} ${fieldValue(key, each)}`).join(', ') || 'none'
}
