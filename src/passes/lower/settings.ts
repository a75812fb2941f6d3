/** A node in, its settings out: the pinned ones of its kind, what its interfaces want, and above all what the file says. */
import { pinned } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import type { Interface, Node } from '../../model/network.js'
import type { Sysctl } from '../../model/state.js'
import { SharedSettings } from './shared.js'

type Settings = ReadonlyMap<string, Sysctl>

export function settings(node: Node): Settings {
  const common = ofKind(node.kind)
  const plain = node.sysctls.size === 0 && !hasOrdinaryUsers(node) && node.interfaces.every(one => isUsual(node, one))
  return plain ? new SharedSettings(node.name, common) : withOwn(node, common)
}

const known = new Map<Node['kind'], ReadonlyMap<string, string>>()

/** The values that every node of the kind starts with, by name. */
function ofKind(kind: Node['kind']): ReadonlyMap<string, string> {
  const found = known.get(kind)
  if (found !== undefined) return found
  const made = new Map(pinned.map(({ name, value }) => [name, value[kind]]))
  known.set(kind, made)
  return made
}

function withOwn(node: Node, common: ReadonlyMap<string, string>): Settings {
  const own = new Map<string, Sysctl>(new SharedSettings(node.name, common))
  const set = (name: string, value: string, at: Path) => {
    own.set(name, { type: 'sysctl', node: node.name, name, value, at })
  }
  if (hasOrdinaryUsers(node)) set('net.ipv4.ip_unprivileged_port_start', '0', node.host!.at)
  for (const one of node.interfaces) if (!isUsual(node, one)) setInterface(node, one, set)
  for (const [name, { value, at }] of node.sysctls) set(name, value, at)
  return own
}

/** Whether programs run in it as others than root: a node's low ports are theirs too, as nobody else needs protection from them. */
const hasOrdinaryUsers = ({ host }: Node): boolean =>
  host !== undefined && (host.isolate.includes('user') || host.processes.some(({ user }) => user !== undefined))

const hasIpv6 = ({ kind }: Node): boolean => kind !== 'switch'

/** Whether an interface wants what interfaces of this node have when they come to be. */
function isUsual(node: Node, { kind, ipv6, dad }: Interface): boolean {
  return kind === 'loopback' || (ipv6 === hasIpv6(node) && !dad)
}

function setInterface(node: Node, one: Interface, set: (name: string, value: string, at: Path) => void): void {
  const folder = `net.ipv6.conf.${one.name.replaceAll('.', '/')}`
  if (one.ipv6 !== hasIpv6(node)) set(`${folder}.disable_ipv6`, one.ipv6 ? '0' : '1', one.at)
  if (one.dad && one.ipv6) set(`${folder}.accept_dad`, '1', one.at)
}
