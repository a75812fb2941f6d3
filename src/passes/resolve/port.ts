/** One interface: its kind, its name and what the file says about it in, the draft of it out. */
import { error } from '../../diagnostic.js'
import type { InterfaceSpec, Settings } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import { readInterfaceAddress, readMac, take } from './address.js'
import type { DraftInterface, DraftNode, Report } from './draft.js'
import { type Item, list, pick } from './item.js'

/** Keys that every interface may have, whatever its kind. */
export const portKeys: ReadonlySet<string> = new Set([
  ...['addresses', 'addresses+', 'mac', 'mtu', 'up', 'ipv6', 'dad', 'cost'],
])

export interface PortPlan {
  readonly name: string
  readonly kind: string
  readonly at: Path
  readonly spec: Item<InterfaceSpec>
  /** Besides those of `spec`: what stands behind the blanks of a short end. */
  readonly addresses?: readonly Item<string>[]
  readonly settings?: Settings
  readonly ports?: readonly Item<string>[]
  /** Names the interface that it stands on. */
  readonly on?: Item<string>
  readonly hasMac: boolean
}

const none: readonly never[] = []
const noSettings: Settings = {}

/** Adds an interface to its node; its name is free there. One literal: there are thousands, and spreads are slow. */
export function addInterface(node: DraftNode, plan: PortPlan, report: Report): DraftInterface {
  const { spec } = plan
  const port: DraftInterface = {
    node,
    name: plan.name,
    kind: plan.kind,
    at: plan.at,
    addresses: [],
    up: spec.value.up ?? true,
    dad: spec.value.dad ?? false,
    cost: spec.value.cost ?? 1,
    settings: plan.settings ?? noSettings,
    said: { mtu: pick(spec, 'mtu'), ipv6: pick(spec, 'ipv6'), mac: macOf(plan, report) },
    ports: plan.ports ?? none,
    on: plan.on,
    mac: undefined,
    mtu: 0,
    ipv6: true,
    peer: undefined,
    link: undefined,
    bridge: undefined,
    parent: undefined,
  }
  node.interfaces.set(plan.name, port)
  if (plan.addresses) addAddresses(port, plan.addresses, report)
  const said = pick(spec, 'addresses')
  if (said) addAddresses(port, list(said), report)
  return port
}

function addAddresses(port: DraftInterface, items: readonly Item<string>[], report: Report): void {
  for (let i = 0; i < items.length; i++) addAddress(port, items[i]!, report)
}

function macOf({ spec, kind, name, hasMac }: PortPlan, report: Report): Item<string> | undefined {
  const said = pick(spec, 'mac')
  if (said === undefined) return undefined
  if (!hasMac) return void report(error('bad-value', `${name} has no MAC address: it is a ${kind} interface`, said.at))
  const mac = take(readMac(said), report)
  return mac === undefined ? undefined : { value: mac, at: said.at }
}

function addAddress(port: DraftInterface, item: Item<string>, report: Report): void {
  const address = take(readInterfaceAddress(item, port.kind === 'loopback'), report)
  if (address === undefined) port.node.broken = true
  else if (address.family === 6 && port.said.ipv6?.value === false) {
    const also = [{ at: { path: port.said.ipv6.at }, message: '`ipv6: false` stands here' }]
    report(error('bad-address', `${item.value}: IPv6 is switched off on ${port.name}`, item.at, { also }))
  } else port.addresses.push(address)
}
