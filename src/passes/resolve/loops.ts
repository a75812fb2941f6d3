/** Loops of bridges that no spanning tree breaks: links in, an error for each link that closes one out. */
import { type Diagnostic, error } from '../../diagnostic.js'
import type { Path } from '../../model/document.js'
import type { Draft, DraftInterface, Report } from './draft.js'

/** A bridge that speaks the protocol hears its own words come back, and blocks: every loop needs one of them. */
export function findLoops(draft: Draft, report: Report): void {
  const cables = new Map<DraftInterface, DraftInterface[]>()
  const groups = new Map<DraftInterface, DraftInterface>()
  let count = 0
  for (const { ends, at } of draft.wires) {
    const [a, b] = [ends[0].bridge, ends[1].bridge]
    if (a === undefined || b === undefined || speaks(a) || speaks(b)) continue
    if (find(groups, a) !== find(groups, b)) {
      groups.set(find(groups, a), find(groups, b))
      connect(cables, a, b)
      connect(cables, b, a)
    } else if (count++ < mostLoops) {
      const way = between(a, b, cables)
      if (!draft.gaps.some || !way.some(bridge => bridge.node.broken)) report(loop(way, at))
    }
  }
}

/** Past that many, finding the way round each is not worth its time. */
const mostLoops = 100

function loop(way: readonly DraftInterface[], at: Path): Diagnostic {
  const names = [...new Set(way.map(bridge => bridge.node.name))]
  const round = `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`
  const message =
    names.length > 1 ? `this link closes a loop of switches: ${round}` : `this link loops back to ${round}`
  const hint = '`stp: true` on one of them breaks it, or leave this link out'
  return error('switch-loop', message, at, { hint })
}

function connect(cables: Map<DraftInterface, DraftInterface[]>, from: DraftInterface, to: DraftInterface): void {
  const known = cables.get(from)
  if (known) known.push(to)
  else cables.set(from, [to])
}

const speaks = (bridge: DraftInterface): boolean => Number(bridge.settings.stp) === 1

function find(groups: Map<DraftInterface, DraftInterface>, bridge: DraftInterface): DraftInterface {
  let root = bridge
  for (let next = groups.get(root); next !== undefined; next = groups.get(root)) root = next
  for (let at = bridge; at !== root; ) {
    const next = groups.get(at)!
    groups.set(at, root)
    at = next
  }
  return root
}

/** The shortest way from one bridge to another. */
function between(
  from: DraftInterface,
  to: DraftInterface,
  cables: ReadonlyMap<DraftInterface, readonly DraftInterface[]>,
): DraftInterface[] {
  const before = new Map<DraftInterface, DraftInterface | undefined>([[from, undefined]])
  for (const bridge of before.keys()) {
    if (bridge === to) break
    for (const next of cables.get(bridge) ?? []) if (!before.has(next)) before.set(next, bridge)
  }
  const way: DraftInterface[] = []
  for (let at: DraftInterface | undefined = to; at !== undefined; at = before.get(at)) way.unshift(at)
  return way
}
