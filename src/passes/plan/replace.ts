/** Differences → the links that have to be made anew, and what goes away with them. */
import type { Operation } from '../../model/plan.js'
import type { Link, NodeState, Resource, State } from '../../model/state.js'
import { interfaceOf, kindOf } from '../../resources/index.js'
import type { PlanInput, Planning } from '../plan.js'

export const linkId = (l: { readonly node: string; readonly name: string }) => `${l.node} ${l.name}`

/** Links that stand and are made anew: what the kernel can't change in place, the other end with it, and what stands on them. */
export function replacedLinks({ changes, desired, observed }: PlanInput): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>()
  const visit = (l: Link | undefined, because: string): void => {
    if (!l || replaced.has(linkId(l)) || !isDesired(l, desired)) return
    replaced.set(linkId(l), because)
    const why = `${l.node}:${l.name} is replaced`
    for (const peer of peersOf(l, desired, observed)) visit(peer, why)
    for (const above of standingOn(l, observed.get(l.node))) visit(above, why)
  }
  for (const change of changes) {
    if (
      change.state === 'changed' &&
      change.observed.type === 'link' &&
      !kindOf('link').updatable(change.fields, change.observed)
    ) {
      visit(
        change.observed,
        `${change.fields.map(f => f.field.replace('data.', '')).join(', ')} cannot be changed in place`,
      )
    } else if (change.state === 'missing' && change.desired.type === 'link' && change.desired.peer) {
      visit(
        lookUp(observed, change.desired.peer),
        `${change.desired.node}:${change.desired.name}, its other end, is missing`,
      )
    } else if (change.state === 'stale' && change.observed.type === 'link') {
      const gone = change.observed
      for (const l of [...peersOf(gone, desired, observed), ...standingOn(gone, observed.get(gone.node))])
        visit(l, `${gone.node}:${gone.name} goes`)
    }
  }
  return replaced
}

function isDesired(l: Link, desired: State): boolean {
  return desired.get(l.node)?.link.has(l.name) ?? false
}

export function lookUp(
  state: State,
  end: { readonly node: string; readonly name: string } | undefined,
): Link | undefined {
  return end && state.get(end.node)?.link.get(end.name)
}

/** The ends that go when `l` goes, or that are wanted at its other side. */
function peersOf(l: Link, desired: State, observed: State): readonly Link[] {
  const wanted = lookUp(desired, l)?.peer
  return [lookUp(observed, l.peer), lookUp(observed, wanted)].filter(peer => peer !== undefined)
}

function standingOn(l: Link, held: NodeState | undefined): readonly Link[] {
  return held ? [...held.link.values()].filter(other => other.parent === l.name) : []
}

/** What went away with a link that is made anew and is put back, also if somebody else had put it there. */
export function lost({ replaced, desired, observed, changes, prune }: Planning): readonly Operation[] {
  if (replaced.size === 0) return []
  const handled = new Set(
    changes.flatMap(change =>
      'desired' in change ? [change.desired] : change.state === 'stale' || prune ? [change.observed] : [],
    ),
  )
  const operations: Operation[] = []
  for (const id of replaced.keys()) {
    const [node, name] = id.split(' ') as [string, string]
    const because = `was lost with ${node}:${name}, which is replaced`
    for (const held of dependents(observed.get(node), name)) {
      const wanted = desiredOf(desired, held)
      const back = wanted ?? (kindOf(held.type).owner(held) === 'unmarked' ? held : undefined)
      if (back && !handled.has(back))
        operations.push({ verb: back.type === 'sysctl' ? 'update' : 'create', resource: back, because })
      if (back) handled.add(back)
    }
  }
  return operations
}

/** Addresses, routes, neighbours and settings of a node that cannot be without the link. */
function dependents(held: NodeState | undefined, name: string): readonly Resource[] {
  if (!held) return []
  return [
    ...[...held.address.values()].filter(a => a.dev === name),
    ...[...held.route.values()].filter(r => r.nextHops.some(hop => hop.dev === name)),
    ...[...held.neighbor.values()].filter(n => n.dev === name),
    ...[...held.sysctl.values()].filter(s => interfaceOf(s.name) === name),
  ]
}

function desiredOf(desired: State, held: Resource): Resource | undefined {
  const node = desired.get(held.node)
  return held.type === 'namespace' ? node?.namespace : node?.[held.type].get(kindOf(held.type).key(held))
}
