/** Differences → what is made and what is changed in place; veth pairs are one operation. */
import type { Operation } from '../../model/plan.js'
import type { Link, Resource } from '../../model/state.js'
import { kindOf, nameOf } from '../../resources/index.js'
import type { Planning } from '../plan.js'
import { linkId, lookUp } from './replace.js'

/** What is missing, and what is replaced; nodes first. */
export function creations(planning: Planning): readonly Operation[] {
  const nodes: Operation[] = []
  const links: Link[] = []
  const rest: Operation[] = []
  for (const change of planning.changes) {
    if (change.state !== 'missing') continue
    const { desired } = change
    if (desired.type === 'link') links.push(desired)
    else (desired.type === 'namespace' ? nodes : rest).push({ verb: 'create', resource: desired })
  }
  for (const id of planning.replaced.keys()) {
    const [node, name] = id.split(' ') as [string, string]
    links.push(planning.desired.get(node)!.link.get(name)!)
  }
  return [...nodes, ...rest, ...pairs(planning, links)]
}

/** Every link once, with its other end, a bridge's port first: the kernel sets the first end up, and into its bridge, at once. */
function pairs({ desired, replaced }: Planning, links: readonly Link[]): readonly Operation[] {
  const done = new Set<Link>()
  const operations: Operation[] = []
  for (const l of links) {
    if (done.has(l) || l.kind === 'loopback') continue
    const peer = lookUp(desired, l.peer)
    if (peer) done.add(peer)
    done.add(l)
    const [first, second] = peer && peer.master !== undefined && l.master === undefined ? [peer, l] : [l, peer]
    const because = replaced.size === 0 ? undefined : (replaced.get(linkId(l)) ?? (peer && replaced.get(linkId(peer))))
    operations.push({
      ...{ verb: 'create', resource: first },
      ...(second ? { partner: second } : {}),
      ...(because === undefined ? {} : { because }),
    })
  }
  return operations
}

/** What the kernel changes in place; what it can't, and is no link, is removed and made again. */
export function updates(planning: Planning): readonly Operation[] {
  return planning.changes.flatMap(change => {
    if (change.state !== 'changed' || change.desired.type === 'sysctl') return []
    const { desired, observed, fields } = change
    if (desired.type === 'link' && (planning.replaced.has(linkId(desired)) || observed.type !== 'link')) return []
    if (kindOf(desired.type).updatable(fields, observed)) {
      return [
        { verb: 'update', resource: known(desired, observed), before: observed, changes: fields } as const,
        ...linkLocal(planning, desired, observed),
      ]
    }
    const because = `${fields.map(f => f.field).join(', ')} of ${nameOf(desired)} cannot be changed in place`
    return [{ verb: 'remove', resource: observed, because } as const, { verb: 'create', resource: desired } as const]
  })
}

/** A link keeps the number that it has. */
function known(desired: Resource, observed: Resource): Resource {
  return desired.type === 'link' && observed.type === 'link' ? { ...desired, index: observed.index! } : desired
}

/** The kernel keeps the link-local address of the old MAC (RFC 4291, appendix A); a fresh `up` would not have it. */
function linkLocal({ observed: state }: Planning, desired: Resource, observed: Resource): readonly Operation[] {
  if (
    desired.type !== 'link' ||
    observed.type !== 'link' ||
    !desired.mac ||
    !observed.mac ||
    desired.mac === observed.mac
  )
    return []
  const held = state.get(observed.node)?.address.get(`${observed.name} ${linkLocalOf(observed.mac)}/64`)
  if (!held) return []
  const because = 'follows the MAC address'
  return [
    { verb: 'create', resource: { ...held, address: linkLocalOf(desired.mac) }, because },
    { verb: 'remove', resource: held, because },
  ]
}

function linkLocalOf(mac: string): string {
  const bytes = mac.split(':').map(byte => Number.parseInt(byte, 16)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [a, b, c, d, e, f] = bytes
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f]
  // RFC 5952 shortens leading zeros of a group, and a first group of zero joins the run before it.
  const rest = groups[0] === 0 ? groups.slice(1) : groups
  return `fe80::${rest.map(group => group.toString(16)).join(':')}`
}
