/** Inheritance: the file's nodes, groups and defaults in, every node with all that it inherits out. */
import { error } from '../../diagnostic.js'
import type { GroupSpec, NodeSpec, Topology } from '../../kinds/index.js'
import { keysOf, type Path } from '../../model/document.js'
import type { DraftNode, Report } from './draft.js'
import type { Gaps } from './gaps.js'
import { entries, type Item, list, mapTexts, merge, pick, someText } from './item.js'
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
  const shared = merger()
  for (const [name, own] of entries(pick(topology, 'nodes'))) {
    const spec: Item<NodeSpec> = { value: own.value ?? nothing, at: own.at }
    const layers = [...(common ? [common] : []), ...layersOf(spec, groups, report)]
    const base = shared(layers.map(layer => forNode(layer, name)))
    const bare = base !== undefined && keysOf(spec.value).every(key => key === 'group')
    const merged = bare ? base.value : merge<NodeSpec>(base ? [base, spec] : [spec]).value
    const node = draftNode(name, { value: merged, at: own.at })
    node.broken = gaps.breaks(name, own.at)
    nodes.set(name, node)
    checkNode(node, spec, report)
  }
  return nodes
}

const nothing: NodeSpec = {}
const none: readonly Layer[] = []

function checkNode(node: DraftNode, own: Item<NodeSpec>, report: Report): void {
  const wrong = checkNodeName(node.name, 'a node', { path: own.at, key: true })
  if (wrong) {
    node.broken = true
    report(wrong)
  }
  if (node.kind === 'switch') return
  for (const key of ofSwitches) {
    const said = pick(own, key)
    if (said) report(onlyForSwitches(node, key, said.at))
  }
}

const ofSwitches = ['stp', 'subnet', 'gateway'] as const

function onlyForSwitches({ name, kind }: DraftNode, key: string, at: Path) {
  const hint = `say it on the link, or make ${name} a switch: \`kind: switch\``
  return error('unknown-key', `\`${key}\` is for switches; ${name} is a ${kind}`, { path: at, key: true }, { hint })
}

/** Merges layers two by two and remembers it: nodes that inherit the same share the result. */
function merger(): (layers: readonly Layer[]) => Layer | undefined {
  const known = new WeakMap<object, WeakMap<object, Layer>>()
  const ground: Layer = { value: {}, at: [] }
  const onto = (below: Layer, layer: Layer): Layer => {
    const over = known.get(below.value) ?? new WeakMap<object, Layer>()
    const merged = over.get(layer.value) ?? merge([below, layer])
    known.set(below.value, over.set(layer.value, merged))
    return merged
  }
  return layers => (layers.length === 0 ? undefined : layers.reduce(onto, ground))
}

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
