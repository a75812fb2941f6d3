/** Nodes that nothing reaches: the nodes and segments of a lab in, warnings out. */
import { warning } from '../../diagnostic.js'
import { linkKinds } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import type { RouteEntry } from '../../model/network.js'
import type { Draft, DraftInterface, DraftNode, Report } from './draft.js'
import type { Entries } from './finish.js'
import { type DraftSegment, labelOf } from './segments.js'

export function doubtLonely(draft: Draft, report: Report): void {
  const outward = new Set<DraftNode>()
  for (const port of draft.ports) if (port.peer || linkKinds.get(port.kind)?.made === 'device') outward.add(port.node)
  for (const node of draft.nodes.values()) {
    if (outward.has(node) || node.broken) continue
    const at = { path: node.at, key: true }
    report(
      warning('lonely-node', `no link leads to ${node.name}`, at, { hint: `\`- [${node.name}, …]\` under \`links\`` }),
    )
  }
}

/** One warning a segment: hosts without a route though a router of it leads further. */
export function doubtStranded(segments: readonly DraftSegment[], entries: Entries, report: Report): void {
  const told = new Set<DraftNode>()
  for (const segment of segments) {
    const lost = ({ node, addresses }: DraftInterface) =>
      node.kind === 'host' &&
      addresses.length > 0 &&
      !told.has(node) &&
      !node.broken &&
      !leaves(entries.get(node)?.routes)
    if (segment.gateways.length > 0 || !segment.ends.some(lost)) continue
    const router = segment.ends.find(end => end.node.kind === 'router' && leadsFurther(end.node, segment))
    if (router === undefined) continue
    const stranded = new Set(segment.ends.filter(lost).map(end => end.node))
    for (const node of stranded) told.add(node)
    report(strandedOn(segment, [...stranded], router.node))
  }
}

const leaves = (routes: readonly RouteEntry[] = []): boolean => routes.some(route => route.nextHops.length > 0)

function leadsFurther(router: DraftNode, segment: DraftSegment): boolean {
  const here = new Set(segment.ends)
  return [...router.interfaces.values()].some(port => port.addresses.length > 0 && !here.has(port))
}

function strandedOn(segment: DraftSegment, hosts: readonly DraftNode[], router: DraftNode) {
  const names = listed(hosts.map(host => host.name))
  const message = `${names} ${hosts.length === 1 ? 'reaches' : 'reach'} nothing but ${labelOf(segment)}, though router ${router.name} stands there`
  const hint = `\`gateway: ${router.name}\` on the link gives its hosts a default route`
  return warning('stranded-host', message, segment.at, { hint })
}

function listed(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Where routes are computed: parts of the lab between which no router stands. */
export function doubtParts(segments: readonly DraftSegment[], at: Path, report: Report): void {
  const parts = partsOf(segments.filter(segment => segment.routing && segment.ends.length > 0))
  if (parts.length < 2) return
  const some = parts
    .slice(0, 3)
    .map(part => listed([...new Set(part.flatMap(({ ends }) => ends.map(end => end.node.name)))]))
  const message = `the lab is in ${parts.length} parts that no router joins: ${some.join('; ')}${parts.length > 3 ? '; …' : ''}`
  report(warning('lab-in-parts', message, at, { hint: 'nodes reach each other only within a part' }))
}

/** Segments that routers join; hosts never forward for others. */
function partsOf(segments: readonly DraftSegment[]): readonly (readonly DraftSegment[])[] {
  const byRouter = new Map<DraftNode, DraftSegment[]>()
  const routersOf = (segment: DraftSegment) => segment.ends.map(end => end.node).filter(node => node.kind === 'router')
  for (const segment of segments)
    for (const router of routersOf(segment)) {
      const known = byRouter.get(router)
      if (known) known.push(segment)
      else byRouter.set(router, [segment])
    }
  const seen = new Set<DraftSegment>()
  const visited = new Set<DraftNode>()
  const parts: DraftSegment[][] = []
  for (const start of segments) {
    if (seen.has(start)) continue
    const part = [start]
    seen.add(start)
    for (const segment of part)
      for (const router of routersOf(segment)) {
        if (visited.has(router)) continue
        visited.add(router)
        for (const next of byRouter.get(router)!) if (!seen.has(next)) part.push(next)
        for (const next of byRouter.get(router)!) seen.add(next)
      }
    parts.push(part)
  }
  return parts
}
