/** Differences → what is taken away: nodes, links that go or are replaced, and what is no longer said. */
import type { Operation } from '../../model/plan.js'
import type { Link, Resource } from '../../model/state.js'
import { interfaceOf } from '../../resources/index.js'
import type { Planning } from '../plan.js'
import { linkId, lookUp } from './replace.js'

export function removals(planning: Planning): readonly Operation[] {
  const going = planning.changes.flatMap(change => {
    return change.state === 'stale' || (change.state === 'foreign' && planning.prune) ? [change.observed] : []
  })
  const nodes = new Set(going.filter(r => r.type === 'namespace').map(r => r.node))
  const links = goingLinks(planning, going, nodes)
  const goes = new Set(links.flatMap(op => [linkId(op.resource as Link), ...(op.partner ? [linkId(op.partner)] : [])]))
  const rest = going.filter(
    r =>
      r.type !== 'link' && r.type !== 'sysctl' && (r.type === 'namespace' || !nodes.has(r.node)) && !goesWith(r, goes),
  )
  return [
    ...links,
    ...rest.map((resource): Operation => ({ verb: 'remove', resource })),
    ...restored(planning, nodes, goes),
  ]
}

/** Links that go, each veth pair once, none that only goes with a node. */
function goingLinks(
  { replaced, observed }: Planning,
  going: readonly Resource[],
  nodes: ReadonlySet<string>,
): readonly Operation[] {
  const remade = [...replaced].map(([id, because]) => {
    const [node, name] = id.split(' ') as [string, string]
    return { l: lookUp(observed, { node, name })!, because }
  })
  const stale = going.filter(r => r.type === 'link').map(l => ({ l, because: undefined }))
  const operations: Operation[] = []
  const done = new Set<string>()
  for (const { l, because } of [...remade, ...stale]) {
    const partner = lookUp(observed, l.peer)
    if (done.has(linkId(l)) || (nodes.has(l.node) && (!partner || nodes.has(partner.node)))) continue
    done.add(linkId(l))
    if (partner) done.add(linkId(partner))
    const [resource, other] = partner && nodes.has(l.node) ? [partner, l] : [l, partner]
    operations.push({ verb: 'remove', resource, ...(other ? { partner: other } : {}), ...(because ? { because } : {}) })
  }
  return operations
}

/** Whether the kernel takes it away together with a link. */
function goesWith(r: Resource, links: ReadonlySet<string>): boolean {
  const gone = (dev: string | undefined) => dev !== undefined && links.has(linkId({ node: r.node, name: dev }))
  if (r.type === 'address' || r.type === 'neighbor') return gone(r.dev)
  return r.type === 'route' && r.nextHops.length > 0 && r.nextHops.every(hop => gone(hop.dev))
}

/** Settings that an earlier `up` wrote and that nobody wants any more get the value that a new namespace has. */
function restored(
  { changes, observed, desired, fresh }: Planning,
  nodes: ReadonlySet<string>,
  links: ReadonlySet<string>,
): readonly Operation[] {
  return changes.flatMap(change => {
    if (change.state !== 'stale' || change.observed.type !== 'sysctl' || nodes.has(change.observed.node)) return []
    const setting = change.observed
    const dev = interfaceOf(setting.name)
    if (dev !== undefined && links.has(linkId({ node: setting.node, name: dev }))) return []
    const usual = dev === undefined ? setting.name : setting.name.replace(`.${dev.replaceAll('.', '/')}.`, '.default.')
    const value =
      desired.get(setting.node)?.sysctl.get(usual)?.value ??
      (dev === undefined ? undefined : observed.get(setting.node)?.sysctl.get(usual)?.value) ??
      fresh.get(usual)
    if (value === undefined || value === setting.value) return []
    const why = { because: 'is no longer said' }
    return [
      {
        verb: 'update',
        resource: { ...setting, value },
        before: setting,
        changes: [{ field: 'value', from: setting.value, to: value }],
        ...why,
      },
    ]
  })
}
