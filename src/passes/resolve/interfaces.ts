/** What stands under `interfaces`: every node's lo, a switch's br0, and interfaces of the kinds of the registry. */
import { error } from '../../diagnostic.js'
import { type InterfaceSpec, type LinkKind, linkKinds, type Settings, type Topology } from '../../kinds/index.js'
import type { Mapping, Path } from '../../model/document.js'
import type { Draft, DraftNode, Report } from './draft.js'
import { forNode } from './inherit.js'
import { entries, type Item, list, merge, pick, subset } from './item.js'
import { checkInterfaceName } from './names.js'
import { addInterface, portKeys } from './port.js'

type Loose = Item<Readonly<Record<string, unknown>>>

const unsaid: InterfaceSpec = {}
const bridgeOf = (node: DraftNode): string | undefined => (node.kind === 'switch' ? 'br0' : undefined)

/** The loopback interface, which comes first in every node, said or not. */
export function addLoopback(node: DraftNode, report: Report): void {
  const interfaces = pick(node.spec, 'interfaces')
  const spec = (interfaces && pick(interfaces, 'lo')) ?? { value: unsaid, at: node.at }
  for (const [key, item] of entries(spec as Loose))
    if (item.value !== null && (key === 'mac' || !portKeys.has(key)))
      report(error('unknown-key', `lo, the loopback interface, takes no \`${key}\``, { path: item.at, key: true }))
  addInterface(node, { name: 'lo', kind: 'loopback', at: spec.at, spec: without(spec, 'mac'), hasMac: false }, report)
}

const without = (spec: Item<InterfaceSpec>, key: string) =>
  subset(spec, other => other !== key) ?? { value: unsaid, at: spec.at }

export function declareInterfaces(topology: Item<Topology>, draft: Draft, report: Report): void {
  const defaults = pick(topology, 'defaults')
  const common = defaults && pick(defaults, 'interface')
  for (const node of draft.nodes.values()) {
    const br0 = bridgeOf(node)
    const said = entries(pick(node.spec, 'interfaces'))
    for (const [name, item] of said) if (name !== 'lo') declare(node, name, { item, common, report })
    if (br0 !== undefined && !said.some(([name]) => name === br0))
      declare(node, br0, { item: { value: unsaid, at: node.at }, common, report })
  }
}

interface Declaration {
  readonly item: Item<InterfaceSpec | null>
  readonly common: Item<InterfaceSpec> | undefined
  readonly report: Report
}

function declare(node: DraftNode, name: string, { item, common, report }: Declaration): void {
  const own: Item<InterfaceSpec> = { value: item.value ?? unsaid, at: item.at }
  const wrong = checkInterfaceName(name, { path: item.at, key: true }) ?? isTaken(node, name, item.at)
  const kind = wrong ? { wrong } : kindOf(node, name, { own, common })
  if ('wrong' in kind) {
    node.broken = true
    report(kind.wrong)
    return
  }
  const inherited = inheritedFor(kind.value, common && forNode(common, node.name))
  const spec = merge<InterfaceSpec>(inherited ? [inherited, own] : [own])
  checkKeys(name, kind.value, { spec, report })
  const settings = settingsOf(name, kind.value, { node, spec, report })
  const { portsKey, parentKey } = kind.value
  const ports = portsKey === undefined ? [] : (list(pick(spec as Loose, portsKey)) as Item<string>[])
  const on = parentKey === undefined ? undefined : (pick(spec as Loose, parentKey) as Item<string> | undefined)
  const plan = { name, kind: kind.value.name, at: item.at, spec, hasMac: kind.value.hasMac }
  addInterface(node, { ...plan, settings, ports, ...(on && { on }) }, report)
}

function isTaken(node: DraftNode, name: string, at: Path) {
  const other = node.interfaces.get(name)
  if (other === undefined) return undefined
  const also = [{ at: { path: other.at }, message: `${name} is the end of a link here` }]
  const hint = `settings of an end stand there: \`{ node: ${node.name}, interface: ${name}, mtu: 1400 }\``
  return error('duplicate-interface', `${node.name}:${name} is declared twice`, { path: at, key: true }, { also, hint })
}

function kindOf(
  node: DraftNode,
  name: string,
  { own, common }: { own: Item<InterfaceSpec>; common: Item<InterfaceSpec> | undefined },
): { value: LinkKind } | { wrong: ReturnType<typeof error> } {
  const said = pick(own, 'kind') ?? (common && pick(common, 'kind'))
  if (name === bridgeOf(node)) {
    if (said === undefined || said.value === 'bridge') return { value: linkKinds.get('bridge')! }
    return { wrong: error('bad-value', `${name} of a switch is a bridge, not a ${said.value}`, said.at) }
  }
  if (said === undefined) {
    const known = [...linkKinds.values()].filter(kind => kind.made !== 'pair').map(kind => kind.name)
    const names = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`
    const hint = `here it is one of ${names}; the end of a link is declared by the link alone`
    return { wrong: error('missing-key', `${name} needs a \`kind\``, { path: own.at, key: true }, { hint }) }
  }
  // Validation has refused kinds that do not exist.
  return { value: linkKinds.get(said.value)! }
}

/** Defaults hold where they can: keys of other kinds don't, nor the MTU of what stands on other interfaces. */
function inheritedFor(kind: LinkKind, common: Item<InterfaceSpec> | undefined): Item<InterfaceSpec> | undefined {
  const derived = kind.portsKey !== undefined || kind.parentKey !== undefined
  const fits = (key: string) =>
    key in kind.properties || (portKeys.has(key) && !(key === 'mtu' && derived) && !(key === 'mac' && !kind.hasMac))
  return subset(common, fits)
}

function checkKeys(
  name: string,
  kind: LinkKind,
  { spec, report }: { spec: Item<InterfaceSpec>; report: Report },
): void {
  for (const [key, item] of entries(spec as Loose)) {
    if (item.value === null || key === 'kind' || portKeys.has(key) || key in kind.properties) continue
    const others = [...linkKinds.values()].filter(other => key in other.properties).map(other => other.name)
    const message = `${name}: \`${key}\` is a key of ${others.join(' and ')}, not of ${kind.name}`
    report(error('unknown-key', message, { path: item.at, key: true }))
  }
  for (const key of kind.required)
    if (pick(spec as Loose, key) === undefined)
      report(error('missing-key', `${name}: a ${kind.name} needs \`${key}\``, { path: spec.at, key: true }))
}

/** The kind's own keys as the kernel will hold them; keys that name other interfaces are resolved apart. */
function settingsOf(
  name: string,
  kind: LinkKind,
  { node, spec, report }: { node: DraftNode; spec: Item<InterfaceSpec>; report: Report },
): Settings {
  const own = entries(spec as Loose).filter(([key, item]) => key in kind.properties && item.value !== null)
  const stp = kind.portsKey !== undefined && name === bridgeOf(node) ? pick(node.spec, 'stp') : undefined
  const keys = { ...(stp && { stp: stp.value }), ...Object.fromEntries(own.map(([key, item]) => [key, item.value])) }
  if (kind.required.some(key => !(key in keys))) return {}
  const settings = kind.settings(keys as Mapping)
  if (typeof settings !== 'string') return settings
  const culprit = own.find(([key]) => settings.startsWith(key))
  report(error('bad-value', `${name}: ${settings}`, culprit ? culprit[1].at : spec.at))
  return {}
}
