/** The name of a setting → its value in a namespace; and a value written → what changes with it. */
import type { Link, Namespace, Settings } from './model.js'
import { failed } from './refused.js'
import { unusual, usual } from './usual.js'

const perInterface = /^(net\.ipv([46])\.(?:conf|neigh)\.)([^.]+)(\..+)$/
/** Two names for one variable. */
const alias: Readonly<Record<string, string>> = { 'net.ipv4.ip_forward': 'net.ipv4.conf.all.forwarding' }
const readOnly = /\.mc_forwarding$/
const disable6 = 'net.ipv6.conf.*.disable_ipv6'
const forwarding6 = 'net.ipv6.conf.*.forwarding'
const forwarding4 = 'net.ipv4.conf.*.forwarding'

/** Where a value stands: whose it is, and its name there. */
interface Place {
  readonly values: Map<string, string>
  readonly key: string
  readonly usual: string
  readonly whose?: 'all' | 'default' | Link
}

export function readSetting(ns: Namespace, name: string): string | undefined {
  const place = placeOf(ns, name)
  return place && (place.values.get(place.key) ?? place.usual)
}

/** @throws SystemError */
export function writeSetting(ns: Namespace, name: string, text: string): readonly Link[] {
  const place = placeOf(ns, name)
  if (!place) throw failed(`open the sysctl ${name}`, 'ENOENT')
  if (readOnly.test(name)) throw failed(`open the sysctl ${name}`, 'EACCES')
  const before = place.values.get(place.key) ?? place.usual
  const value = parsed(text, before)
  if (value === undefined) throw failed(`set ${name} to ${text}`, 'EINVAL')
  place.values.set(place.key, value)
  return follow(ns, place, { before, value })
}

/** Numbers are taken as numbers; where several belong together, those that are left out stay. */
function parsed(text: string, before: string): string | undefined {
  if (!/^-?\d+(\s+-?\d+)*$/.test(before)) return text.trim()
  if (!/^\s*-?\d+(\s+-?\d+)*\s*$/.test(text)) return undefined
  const [given, held] = [text.trim().split(/\s+/), before.split(/\s+/)]
  return held.map((old, index) => (given[index] === undefined ? old : `${Number(given[index])}`)).join('\t')
}

interface Written {
  readonly before: string
  readonly value: string
}

/** What the kernel sets along with a setting; the links on which IPv6 goes on or off. */
function follow(ns: Namespace, { key, whose }: Place, { before, value }: Written): readonly Link[] {
  const links = [...ns.links.values()]
  if (typeof whose === 'object') {
    whose.settings.own.add(key)
    return key === disable6 ? [whose] : []
  }
  if (whose === 'default' && key.startsWith('net.ipv4.conf.') && key !== forwarding4) {
    ns.default.own.add(key)
    for (const { settings } of links) if (!settings.own.has(key)) settings.values.set(key, value)
  }
  if (whose !== 'all' || before === value || ![forwarding4, forwarding6, disable6].includes(key)) return []
  for (const { values } of [ns.default, ...links.map(link => link.settings)]) values.set(key, value)
  if (key === forwarding4) ns.all.values.set('net.ipv4.conf.*.accept_redirects', value === '0' ? '1' : '0')
  return key === disable6 ? links : []
}

function placeOf(ns: Namespace, name: string): Place | undefined {
  const asked = alias[name] ?? name
  const parts = perInterface.exec(asked)
  if (!parts) {
    const value = usual.get(asked)
    return value === undefined ? undefined : { values: ns.settings, key: asked, usual: value }
  }
  const [, folder, , one, rest] = parts
  const key = `${folder}*${rest}`
  const value = usual.get(key)
  const found = whoseOf(ns, one!)
  if (value === undefined || !found || (folder!.includes('neigh') && typeof found.whose === 'string')) return undefined
  return { values: found.settings.values, key, usual: unusual(found.whose, key) ?? value, whose: found.whose }
}

function whoseOf(ns: Namespace, one: string): { whose: 'all' | 'default' | Link; settings: Settings } | undefined {
  if (one === 'all' || one === 'default') return { whose: one, settings: ns[one] }
  // As sysctl(8) writes it, a dot in an interface's name is a slash.
  for (const link of ns.links.values())
    if (link.name === one.replaceAll('/', '.')) return { whose: link, settings: link.settings }
  return undefined
}

const valueAt = ({ values }: Settings, key: string): string => values.get(key) ?? usual.get(key)!

export const hasIpv6 = ({ settings }: Link): boolean => valueAt(settings, disable6) === '0'

export function promotes({ settings, namespace }: Link): boolean {
  return [settings, namespace.all].some(one => valueAt(one, 'net.ipv4.conf.*.promote_secondaries') !== '0')
}

/** With its first IPv4 address an interface's settings are its own (ipv4_devconf_setall). */
export function forgetDefaults({ settings }: Link): void {
  for (const key of usual.keys()) if (key.startsWith('net.ipv4.conf.*')) settings.own.add(key)
}
