/** A lab as the file says → the same once it can be used, or what still can't be when the time is over. */
import { type Diagnostic, error } from '../diagnostic.js'
import { linkKinds } from '../kinds/index.js'
import type { Address, Link, NodeState, Process, Resource, State } from '../model/state.js'
import { traced } from '../model/trace.js'
import { kindOf } from '../resources/index.js'
import type { Lab, RunOptions } from './lab.js'
import { look, type Survey } from './survey.js'

/** Milliseconds between two looks. */
const pause = 25
/** So many are told one by one. */
const mostTold = 20

/** What can't be used yet, and why. */
interface Wanting {
  readonly resource: Resource
  readonly why: string
  /** It will not become usable. */
  readonly final?: boolean
}

/** Waits until links have carrier, addresses are past duplicate detection, routes are in, and processes are ready. */
export async function waitUntilUsable(
  { compiled: { state }, earlier, observed }: Survey,
  lab: Lab,
  { wait = 0, signal }: Pick<RunOptions, 'wait' | 'signal'>,
): Promise<readonly Diagnostic[]> {
  const deadline = performance.now() + wait
  let nodes: ReadonlySet<string> = new Set(state.keys())
  for (;;) {
    const seen = traced(lab.kernel.trace, 'wait', () =>
      look(state, lab, { earlier, again: { nodes, others: observed } }),
    )
    const wanting = [...nodes].flatMap(node => wantingIn(state, node, seen.get(node)))
    if (wanting.length === 0 || signal?.aborted) return []
    const final = wanting.filter(one => one.final)
    if (final.length > 0 || performance.now() >= deadline) return told(final.length > 0 ? final : wanting)
    nodes = new Set(wanting.map(({ resource }) => resource.node))
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

function told(wanting: readonly Wanting[]): readonly Diagnostic[] {
  const rest = wanting.length - mostTold
  return [
    ...wanting.slice(0, mostTold).map(({ resource, why }) => error('not-usable', why, resource.at)),
    ...(rest > 0 ? [error('not-usable', `and ${rest} more are not usable`)] : []),
  ]
}

/** What a node should hold, against what it holds. */
export function wantingIn(desired: State, node: string, seen: NodeState | undefined): readonly Wanting[] {
  const wanted = desired.get(node)!
  const lost = [
    ...wanted.link.values(),
    ...wanted.address.values(),
    ...wanted.route.values(),
    ...wanted.process.values(),
  ]
    .filter(resource => !seen?.[resource.type].has(kindOf(resource.type).key(resource)))
    .map(resource => ({ resource, why: `${node}: the ${kindOf(resource.type).name(resource)} is not there` }))
  if (!seen) return lost
  const carrying = (name: string) => {
    const link = wanted.link.get(name)
    return link !== undefined && carries(link, desired)
  }
  return [
    ...lost,
    ...[...wanted.link.values()].filter(link => carries(link, desired)).flatMap(link => silent(link, seen)),
    ...[...seen.address.values()].filter(({ dev }) => carrying(dev)).flatMap(address => unchecked(address, wanted)),
    ...[...wanted.process.values()].flatMap(process => unready(process, seen)),
  ]
}

/** Whether it has carrier once all is as the file says: a program must open a tap, and a bridge wants a port. */
function carries(link: Link, desired: State): boolean {
  const { node, name, kind, up, peer, parent } = link
  const others = desired.get(node)!.link
  const made = linkKinds.get(kind)
  const fromOthers = (other: Link | undefined) => other !== undefined && carries(other, desired)
  if (!up || made?.made === 'device') return false
  if (peer) return desired.get(peer.node)?.link.get(peer.name)?.up ?? false
  if (made?.portsKey !== undefined) return [...others.values()].some(port => port.master === name && fromOthers(port))
  return parent === undefined || fromOthers(others.get(parent))
}

function silent(link: Link, seen: NodeState): readonly Wanting[] {
  const running = seen.link.get(link.name)?.running ?? true
  return running ? [] : [{ resource: link, why: `${link.node}:${link.name} has no carrier` }]
}

function unchecked(address: Address, wanted: NodeState): readonly Wanting[] {
  if (address.detection === undefined) return []
  const resource = wanted.address.get(kindOf('address').key(address)) ?? address
  const at = `${address.node}:${address.dev}`
  return address.detection === 'failed'
    ? [{ resource, why: `${at}: ${address.address} can’t be used: somebody else on the link has it`, final: true }]
    : [{ resource, why: `${at}: duplicate detection of ${address.address} is not over yet` }]
}

function unready(process: Process, seen: NodeState): readonly Wanting[] {
  const state = seen.process.get(process.name)?.seen?.state
  if (state === undefined || state === 'ready' || (!process.ready && state !== 'starting')) return []
  return [{ resource: process, why: `${process.node}: the process ${process.name} is ${state}, not ready` }]
}
