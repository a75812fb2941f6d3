/** A setting of a namespace below /proc/sys/net (sysctl(8), Documentation/networking/ip-sysctl.rst). */
import { pinned } from '../kinds/index.js'
import type { Sysctl } from '../model/state.js'
import { differences, id, namespaceName, type ResourceKind } from './contract.js'

/** Writing the key resets the values: whoever writes one writes the others again. */
export const resets: Readonly<Record<string, readonly string[]>> = {
  'net.ipv4.ip_forward': ['net.ipv4.conf.all.accept_redirects'],
}

/** Which setting resets this one. */
export const resetterOf = new Map(
  Object.entries(resets).flatMap(([name, others]) => others.map(other => [other, name])),
)

/** What the kernel sets them to (net/ipv4/devinet.c: inet_forward_change): only a host believes redirects. */
export function resetValue(value: string): string {
  return value === '0' ? '1' : '0'
}

/** Whether interfaces to come start with it. */
export function isDefault(name: string): boolean {
  return name.includes('.conf.default.')
}

const perInterface = /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)\./

const known = new Map<string, string | undefined>()

/** The interface that a setting belongs to, if to one. Asked of the same few names again and again. */
export function interfaceOf(name: string): string | undefined {
  if (!known.has(name)) known.set(name, readInterface(name))
  return known.get(name)
}

function readInterface(name: string): string | undefined {
  const found = perInterface.exec(name)?.[1]?.replaceAll('/', '.')
  return found === 'all' || found === 'default' ? undefined : found
}

const pinnedNames: ReadonlySet<string> = new Set(pinned.map(({ name }) => name))

export const sysctl: ResourceKind<Sysctl> = {
  type: 'sysctl',
  key: setting => setting.name,
  name: setting => `sysctl ${setting.name} = ${setting.value}`,
  compare: (desired, observed) => differences(['value'], desired, observed),
  updatable: () => true,
  owner: () => 'kernel',
  // Every node has the pinned ones.
  blends: setting => !pinnedNames.has(setting.name),
  needs(setting) {
    const dev = interfaceOf(setting.name)
    const first = dev === undefined ? id.namespace(setting.node) : id.link(setting.node, dev)
    const resetter = resetterOf.get(setting.name)
    return resetter === undefined ? [first] : [first, id.sysctl(setting.node, resetter)]
  },
  provides({ node, name }) {
    const dev = interfaceOf(name)
    const own = id.sysctl(node, name)
    return dev !== undefined && name.startsWith('net.ipv6.')
      ? [own, id.settings(node, dev)]
      : isDefault(name)
        ? [own, id.defaults(node)]
        : [own]
  },
  act({ resource }) {
    const { node, name, value } = resource as Sysctl
    return { by: 'sysctl', node, name, value }
  },
  words({ resource }, lab) {
    const { node, name, value } = resource as Sysctl
    return [['ip', 'netns', 'exec', namespaceName(lab, node), 'sysctl', '-qw', `${name}=${value}`]]
  },
}
