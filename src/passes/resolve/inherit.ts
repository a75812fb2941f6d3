/** Inheritance: the file's nodes, groups and defaults in, every node with all that it inherits out. */
import { error } from '../../diagnostic.js'
import type { GroupSpec, NodeSpec, Topology } from '../../kinds/index.js'
import { keysOf, type Path } from '../../model/document.js'
import { inheritance } from './bounds.js'
import type { DraftNode, Report } from './draft.js'
import type { Gaps } from './gaps.js'
import { entries, entry, type Item, list, mapTexts, merge, pick, someText } from './item.js'
import { checkNodeName } from './names.js'
import { didYouMean } from './nearest.js'

type Layer = Item<GroupSpec>

export function inherit(
  topology: Item<Topology>,
  { gaps, report }: { readonly gaps: Gaps; readonly report: Report },
): Map<string, DraftNode> {
  const defaults = pick(topology, 'defaults')
  const common = defaults && pick(defaults, 'node')
  const groups = new Map(entries(pick(topology, 'groups')))
  const nodes = new Map<string, DraftNode>()
  const onto = merger()
  const room = inheritance(report)
  const said = pick(topology, 'nodes')
  for (const name of said ? keysOf(said.value) : none) {
    const own = entry(said!, name)
    const spec: Item<NodeSpec> = { value: own.value ?? nothing, at: own.at }
    let base: Layer | undefined
    const layers = room.isFull() ? none : [...(common ? [common] : none), ...layersOf(spec, groups, report)]
    for (const layer of layers) base = onto(base ?? ground, forNode(layer, name))
    const node = draftNode(name, withBase(base && room.takes(base) ? base : undefined, spec))
    node.broken = gaps.breaks(name, own.at) || room.isFull()
    nodes.set(name, node)
    checkNode(node, spec, report)
  }
  return nodes
}

/** A node that says nothing of its own shares what it inherits. */
function withBase(base: Layer | undefined, spec: Item<NodeSpec>): Item<NodeSpec> {
  if (base === undefined) return merge<NodeSpec>([spec])
  const bare = keysOf(spec.value).every(key => key === 'group')
  return { value: bare ? base.value : merge<NodeSpec>([base, spec]).value, at: spec.at }
}

const nothing: NodeSpec = {}
const none: readonly never[] = []

function checkNode(node: DraftNode, own: Item<NodeSpec>, report: Report): void {
  const wrong = checkNodeName(node.name, 'a node', { path: own.at, key: true })
  if (wrong) {
    node.broken = true
    report(wrong)
  }
  const { stp, subnet, gateway } = own.value
  if (node.kind === 'switch' || (stp ?? subnet ?? gateway ?? undefined) === undefined) return
  for (const key of ['stp', 'subnet', 'gateway'] as const) {
    const said = pick(own, key)
    if (said) report(onlyForSwitches(node, key, said.at))
  }
}

function onlyForSwitches({ name, kind }: DraftNode, key: string, at: Path) {
  const hint = `say it on the link, or make ${name} a switch: \`kind: switch\``
  return error('unknown-key', `\`${key}\` is for switches; ${name} is a ${kind}`, { path: at, key: true }, { hint })
}

/** Merges layers two by two and remembers it: nodes that inherit the same share the result. */
function merger(): (below: Layer, layer: Layer) => Layer {
  const known = new WeakMap<object, WeakMap<object, Layer>>()
  return (below, layer) => {
    const over = known.get(below.value) ?? new WeakMap<object, Layer>()
    const found = over.get(layer.value)
    if (found !== undefined) return found
    const merged = merge([below, layer])
    known.set(below.value, over.set(layer.value, merged))
    return merged
  }
}

const ground: Layer = { value: {}, at: [] }

function layersOf(
  spec: Item<NodeSpec>,
  groups: ReadonlyMap<string, Item<GroupSpec | null>>,
  report: Report,
): readonly Layer[] {
  const said = pick(spec, 'group')
  if (said === undefined) return none
  return list(said).flatMap(({ value: name, at }) => {
    const group = groups.get(name)
    if (group === undefined)
      report(error('unknown-group', `there is no group \`${name}\``, at, didYouMean(name, groups.keys())))
    return group?.value ? [{ value: group.value, at: group.at }] : []
  })
}

export function draftNode(name: string, spec: Item<NodeSpec>): DraftNode {
  const kind = pick(spec, 'kind')?.value ?? 'host'
  return { name, kind, at: spec.at, spec, interfaces: new Map(), broken: false }
}

const variable = /\$\{node\}|\0\{/g
const withVariables = new WeakMap<object, boolean>()

/** What groups and defaults say to one node: `${node}` is its name, and `$${` (kept by parsing as NUL `{`) is `${`. */
export function forNode<T extends object>(layer: Item<T>, node: string): Item<T> {
  let some = withVariables.get(layer.value)
  if (some === undefined) {
    some = someText(layer.value, text => text.includes('${node}') || text.includes('\0{'))
    withVariables.set(layer.value, some)
  }
  if (!some) return layer
  const replace = (text: string) => text.replace(variable, found => (found === '${node}' ? node : '${'))
  return { value: mapTexts(layer.value, replace), at: layer.at }
}
