/** Links as the file writes them in; what each says, its ends, and the switches of LANs out. */
import { error } from '../../diagnostic.js'
import type { EndSpec, LinkSpec, NodeSpec, Topology } from '../../kinds/index.js'
import type { Draft, DraftNode, Report } from './draft.js'
import { draftNode } from './inherit.js'
import { addLoopback } from './interfaces.js'
import { type Item, list, merge, pick, subset } from './item.js'
import { checkNodeName, printable } from './names.js'

type LinkObject = Exclude<LinkSpec, readonly EndSpec[]>

export interface ReadLink {
  /** `defaults.link` below what the link says; without its ends when it is a plain list. */
  readonly spec: Item<Partial<LinkObject>>
  readonly ends: readonly Item<EndSpec>[]
  /** The LAN's switch. */
  readonly lan?: DraftNode
}

export function readLinks(topology: Item<Topology>, draft: Draft, report: Report): ReadLink[] {
  const defaults = pick(topology, 'defaults')
  const common = defaults && pick(defaults, 'link')
  const items = list<LinkSpec>(pick(topology, 'links') as Item<readonly LinkSpec[]> | undefined)
  const nameLan = lanNamer(items, draft)
  return items.map(item => {
    const bare = Array.isArray(item.value)
    const own = (bare ? { value: {}, at: item.at } : item) as Item<Partial<LinkObject>>
    const spec = merge<Partial<LinkObject>>(common ? [common, own] : [own])
    const ends = bare ? list(item as Item<readonly EndSpec[]>) : list(pick(own, 'endpoints'))
    const named = pick(spec, 'name')
    if (named === undefined && ends.length <= 2) return { spec, ends: checkPair(spec, ends, report) }
    return { spec, ends, lan: addLan(named ?? { value: nameLan(), at: item.at }, spec, draft, report) }
  })
}

/** A link of two ends has no switch that could be told anything. */
function checkPair(spec: Item<Partial<LinkObject>>, ends: ReadLink['ends'], report: Report): ReadLink['ends'] {
  const stp = pick(spec, 'stp')
  const hint = 'a `name` makes it a LAN'
  if (ends.length < 2) report(error('bad-value', 'a link has two ends, or more', spec.at, { hint }))
  if (stp) report(error('bad-value', 'a link of two ends has no switch that `stp` could be for', stp.at, { hint }))
  return ends.length < 2 ? [] : ends
}

/** `lan1`, `lan2`, …: the next that neither a node nor a link of the file is called. */
function lanNamer(items: readonly Item<LinkSpec>[], draft: Draft): () => string {
  const taken = new Set(draft.nodes.keys())
  for (const { value } of items)
    if (value !== null && !Array.isArray(value)) taken.add((value as LinkObject).name ?? '')
  let count = 0
  return () => {
    do count++
    while (taken.has(`lan${count}`))
    return `lan${count}`
  }
}

function addLan(name: Item<string>, spec: ReadLink['spec'], draft: Draft, report: Report): DraftNode {
  const wrong = checkNodeName(name.value, 'a LAN', { path: name.at })
  if (wrong) report(wrong)
  const own = subset(spec, key => key === 'stp' || key === 'subnet' || key === 'gateway') as Item<NodeSpec> | undefined
  const kind = { kind: 'switch' } as const
  const node = draftNode(
    name.value,
    own ? merge<NodeSpec>([{ value: kind, at: spec.at }, own]) : { value: kind, at: spec.at },
  )
  node.broken = draft.gaps.breaks(name.value, name.at)
  addLoopback(node, report)
  const other = draft.nodes.get(name.value)
  if (other === undefined) draft.nodes.set(name.value, node)
  else {
    const also = [{ at: { path: other.at, key: other.at[0] === 'nodes' }, message: 'it stands here' }]
    const hint =
      other.kind === 'switch' ? `to join switch ${name.value}, make it an end` : `call it ${name.value}-lan, say`
    const message = `a LAN’s switch is a node, and \`${printable(name.value)}\` is the name of another`
    report(error('duplicate-name', message, name.at, { also, hint }))
  }
  return node
}
