/** A node and a flow in; the way of its packets out, hop by hop, up to where they arrive or end. */
import type { Hop, Reason, Way } from '../model/explanation.js'
import type { Link } from '../model/state.js'
import { type Flow, lineOf, noted, type Scene, setting } from './scene.js'
import { stepIn } from './step.js'

export function walk(scene: Scene, from: string, flow: Flow): Way {
  const hops: Hop[] = []
  let node = from
  let by: Link | undefined
  let left = Number.POSITIVE_INFINITY
  for (;;) {
    const step = stepIn(scene, node, flow, by)
    const before = hops.findIndex(hop => hop.node === node && hop.in === step.hop.in)
    hops.push(step.hop)
    if (before >= 0) return { hops, end: circle(hops.slice(before)) }
    if (step.to === 'here') return { hops }
    if (step.to === 'end') return { hops, end: step.reason }
    const { next, out } = step
    if (by === undefined) left = hopsOf(scene, out, flow)
    // Each router takes one, and what has none left goes no further (RFC 1812, 5.3.1; RFC 8200, 3).
    else if (--left === 0) return { hops, end: spent(scene, hops, { node, flow }) }
    by = next
    node = next.node
  }
}

/** The TTL that packets begin with. */
function hopsOf(scene: Scene, out: Link, flow: Flow): number {
  return setting(scene, out.node, hopSetting(out, flow)) || 64
}

function hopSetting({ name }: Pick<Link, 'name'>, { family }: Flow): string {
  return family === 4 ? 'net.ipv4.ip_default_ttl' : `net.ipv6.conf.${name.replaceAll('.', '/')}.hop_limit`
}

function spent(scene: Scene, hops: readonly Hop[], { node, flow }: { node: string; flow: Flow }): Reason {
  const first = hops[0]!
  const name = hopSetting({ name: first.out ?? '' }, flow)
  const at = scene.applied?.state.get(first.node)?.sysctl.get(name)?.at
  const words = `its hops are used up: ${name} of ${first.node} is ${setting(scene, first.node, name)}`
  return { node, why: 'ttl', text: noted(words, lineOf(scene, at)), ...(at && { at }) }
}

/** What comes the same way again goes the same way again. */
function circle(hops: readonly Hop[]): Reason {
  const nodes = hops.map(({ node }) => node)
  return { node: nodes[0]!, why: 'loop', text: `the packet goes in a circle: ${nodes.join(' → ')}` }
}
