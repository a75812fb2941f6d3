/** A setting of a namespace below /proc/sys/net (sysctl(8), Documentation/networking/ip-sysctl.rst). */
import type { Sysctl } from '../model/state.js'
import { differences, id, namespaceName, type ResourceKind } from './contract.js'

/** Writing the key resets the values: whoever writes one writes the others again. */
export const resets: Readonly<Record<string, readonly string[]>> = {
  'net.ipv4.ip_forward': ['net.ipv4.conf.all.accept_redirects'],
}

/** What the kernel sets them to (net/ipv4/devinet.c: inet_forward_change): only a host believes redirects. */
export function resetValue(value: string): string {
  return value === '0' ? '1' : '0'
}

const perInterface = /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)\./

/** The interface that a setting belongs to, if to one. */
export function interfaceOf(name: string): string | undefined {
  const found = perInterface.exec(name)?.[1]?.replaceAll('/', '.')
  return found === 'all' || found === 'default' ? undefined : found
}

export const sysctl: ResourceKind<Sysctl> = {
  type: 'sysctl',
  key: setting => setting.name,
  name: setting => `sysctl ${setting.name} = ${setting.value}`,
  compare: (desired, observed) => differences(['value'], desired, observed),
  updatable: () => true,
  owner: () => 'kernel',
  needs(setting) {
    const dev = interfaceOf(setting.name)
    const resetters = Object.keys(resets).filter(name => resets[name]!.includes(setting.name))
    return [
      dev === undefined ? id.namespace(setting.node) : id.link(setting.node, dev),
      ...resetters.map(name => id.sysctl(setting.node, name)),
    ]
  },
  provides: setting => [id.sysctl(setting.node, setting.name)],
  act({ resource }) {
    const { node, name, value } = resource as Sysctl
    return { by: 'sysctl', node, name, value }
  },
  words({ resource }, lab) {
    const { node, name, value } = resource as Sysctl
    return [['ip', 'netns', 'exec', namespaceName(lab, node), 'sysctl', '-qw', `${name}=${value}`]]
  },
}
