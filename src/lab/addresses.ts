/** A name in; its addresses in the lab, the likeliest to be reached first, out. */
import { isIP, isIPv6 } from 'node:net'
import type { Family } from '../model/network.js'
import type { Address } from '../model/state.js'
import { inspect } from '../pipeline.js'
import { type Context, nodesOf, withSpace } from './context.js'
import { run } from './exec.js'
import { LabError, succeeded } from './failure.js'

export interface AddressOptions {
  readonly interface?: string | undefined
  readonly family?: Family | undefined
}

/** As the kernel has them now: IPv4 before IPv6, and what is reached by a link before what is the node's own. */
export function addressesOf(context: Context, node: string, options: AddressOptions = {}): readonly Address[] {
  const [seen] = succeeded(inspect(context.name, context.kernel, [node])).nodes
  const all = [...(seen?.state.address.values() ?? [])].filter(({ address }) => !/^(127\.|::1$|fe80:)/i.test(address))
  const { interface: dev, family } = options
  const wanted = all.filter(one => (!dev || one.dev === dev) && (!family || one.family === family))
  return wanted.toSorted((a, b) => a.family - b.family || Number(a.dev === 'lo') - Number(b.dev === 'lo'))
}

/**
 * An address as it is; else a node of the lab, a hostname of one, `localhost`, or what the node's own /etc/hosts and
 * resolvers say. Never this machine's resolver.
 * @throws LabError for a name that nobody knows
 */
export async function resolveIn(context: Context, from: string, host: string, family?: Family): Promise<string[]> {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const found = isIP(bare) ? [bare] : await namedIn(context, from, bare, family)
  const wanted = found.filter(address => !family || isIPv6(address) === (family === 6))
  if (wanted.length > 0) return wanted
  throw new LabError(`${from}: nobody is called ${host}${family ? ` with an IPv${family} address` : ''} in the lab`)
}

async function namedIn(context: Context, from: string, host: string, family?: Family): Promise<string[]> {
  if (host === 'localhost') return ['127.0.0.1', '::1']
  const node = nodesOf(context).find(name => name === host) ?? hostnamed(context, host)
  if (node === undefined) return hasNames(context, from) ? askedIn(context, from, host) : []
  if (node === from) return ['127.0.0.1', '::1']
  const near = new Set(addressesOf(context, from).map(subnetOf))
  const all = addressesOf(context, node, { family })
  return all.toSorted((a, b) => Number(near.has(subnetOf(b))) - Number(near.has(subnetOf(a)))).map(one => one.address)
}

/** Enough to tell neighbours: those of prefixes that end within a number are told by the numbers before. */
function subnetOf({ address, family, prefixLength }: Address): string {
  if (family === 6)
    return address
      .split(':')
      .slice(0, Math.floor(prefixLength / 16))
      .join(':')
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return `${Math.floor(bits / 2 ** (32 - prefixLength))}/${prefixLength}`
}

function hostnamed(context: Context, host: string): string | undefined {
  return withSpace(context, space =>
    [...space.nodes().keys()].find(node => space.readHost(node).host?.hostname === host),
  )
}

/** A node that has no names of its own would ask for the machine's, in vain. */
function hasNames(context: Context, node: string): boolean {
  return withSpace(context, space =>
    space.readHost(node).files.some(({ path }) => /^\/etc(\/(hosts|resolv\.conf))?$/.test(path)),
  )
}

async function askedIn(context: Context, node: string, host: string): Promise<string[]> {
  const { stdout } = await run(context, node, ['getent', 'ahosts', host], { reject: false, timeout: 5000 })
  return [...new Set(stdout.split('\n').flatMap(line => line.split(/\s+/)[0] || []))]
}
