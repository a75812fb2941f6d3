/** The `yaml` package's nodes in, plain data out: aliases and merges expanded, keys checked, scalars left as text. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml'
import { type Diagnostic, error } from '../../diagnostic.js'
import { keysOf, type Mapping, type Path, rememberKeys, type Value } from '../../model/document.js'
import { without } from '../validate/dropped.js'
import type { Composed } from './compose.js'
import { isMergeKey, keyText, scalarText, type Targets } from './places.js'
import { entriesAt } from './spoiled.js'
import { holdsControls } from './text.js'

export interface Converted {
  readonly value: Value
  readonly targets: Targets
  readonly diagnostics: readonly Diagnostic[]
  /** Whether a `${` stands in a value. */
  readonly hasVariables: boolean
  /** The entries that mistakes stand in; the empty path: nothing can be relied on. */
  readonly dropped: readonly Path[]
}

/** Values that aliases and merges may make in all: more than any topology, and far from filling the memory. */
const mostExpanded = 100_000
/** Characters that they may repeat: as many as a file may have. */
const mostRepeated = 16 * 1024 * 1024

const ownTags = new Set(['str', 'int', 'float', 'bool', 'null', 'seq', 'map'].map(name => `tag:yaml.org,2002:${name}`))
const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])

interface Work {
  readonly text: string
  readonly anchors: Map<string, Node>
  readonly targets: Map<Alias, Node>
  /** Anchored nodes that are being converted: an alias of one of them would contain itself. */
  readonly open: Set<Node>
  readonly diagnostics: Diagnostic[]
  /** How many aliases deep we are. */
  depth: number
  expanded: number
  repeated: number
  hasVariables: boolean
}

export function convert({ text, root, spoiled }: Composed): Converted {
  const work: Work = {
    text,
    anchors: new Map(),
    targets: new Map(),
    open: new Set(),
    diagnostics: [],
    depth: 0,
    expanded: 0,
    repeated: 0,
    hasVariables: false,
  }
  const value = convertNode(work, root)
  const { targets, diagnostics, hasVariables } = work
  if (spoiled === undefined) return { value: {}, targets, diagnostics: [], hasVariables: false, dropped: [[]] }
  const unreadable = entriesAt(root, spoiled)
  const rest = spoiled.length === 0 ? value : without(value, unreadable)
  // What is wrong in an anchored value is wrong wherever an alias repeats it.
  const faulty = diagnostics.length > 0 && targets.size > 0 ? [[]] : entriesAt(root, diagnostics.flatMap(startOf))
  return { value: rest, targets, diagnostics, hasVariables, dropped: [...unreadable, ...faulty] }
}

function startOf({ at }: Diagnostic): readonly number[] {
  return at && 'range' in at ? [at.range[0]] : []
}

function convertNode(work: Work, node: unknown): Value {
  if (isAlias(node)) return convertAlias(work, node)
  if (work.depth > 0 && (++work.expanded > mostExpanded || isOverfull(work))) return null
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
  if (node.tag !== undefined && !ownTags.has(node.tag)) report(work, 'yaml-unsupported', foreignTag(node.tag), node)
  if (node.anchor === undefined) return convertPlain(work, node)
  if (work.depth === 0) work.anchors.set(node.anchor, node)
  // Through an alias of what is around it a node may be met again within itself; that was reported where the alias stands.
  if (work.open.has(node)) return null
  work.open.add(node)
  const value = convertPlain(work, node)
  work.open.delete(node)
  return value
}

function convertPlain(work: Work, node: Node): Value {
  if (isScalar(node)) return convertScalar(work, node)
  if (isSeq(node)) return node.items.map(item => convertNode(work, item))
  return isMap(node) ? convertMap(work, node) : null
}

function convertScalar(work: Work, node: Scalar): Value {
  const text = scalarText(node)
  if (work.depth > 0) work.repeated += text.length
  if (isOverfull(work)) return null
  const untagged = node.tag === undefined
  if (untagged ? node.type === 'PLAIN' && nulls.has(text) : node.tag === 'tag:yaml.org,2002:null') return null
  if (text.includes('${')) work.hasVariables = true
  if (holdsControls(text)) report(work, 'bad-value', 'control characters have no place in a value', node)
  return text
}

function convertAlias(work: Work, alias: Alias): Value {
  const target = work.targets.get(alias) ?? work.anchors.get(alias.source)
  if (!target) {
    const hint = `an anchor is set where the value stands first: \`&${alias.source} …\`; a text that starts with * wants quotes`
    return report(work, 'yaml-syntax', `nothing before is anchored as \`&${alias.source}\``, alias, hint)
  }
  if (work.open.has(target)) return report(work, 'yaml-bomb', `\`*${alias.source}\` would contain itself`, alias)
  work.targets.set(alias, target)
  const before = isOverfull(work)
  work.depth++
  const value = convertNode(work, target)
  work.depth--
  if (!before && isOverfull(work) && work.depth === 0)
    report(work, 'yaml-bomb', `aliases make more than ${much(work)} out of this text`, alias)
  return value
}

function isOverfull({ expanded, repeated }: Work): boolean {
  return expanded > mostExpanded || repeated > mostRepeated
}

function much({ expanded }: Work): string {
  return expanded > mostExpanded ? `${mostExpanded} values` : '16 MiB'
}

function convertMap(work: Work, map: YAMLMap): Mapping {
  const mapping: Record<string, Value> = Object.create(null)
  const own = new Map<string, unknown>()
  const order: string[] = []
  for (const { key, value } of map.items) {
    const converted = convertNode(work, value)
    if (isMergeKey(key)) {
      merge(work, { mapping, order, from: converted, at: value ?? key })
      continue
    }
    const name = convertKey(work, key)
    if (own.has(name)) reportTwice(work, name, { key, first: own.get(name) })
    else if (!(name in mapping)) order.push(name)
    own.set(name, own.get(name) ?? key)
    mapping[name] = converted
  }
  rememberKeys(mapping, order)
  return mapping
}

interface Merge {
  readonly mapping: Record<string, Value>
  readonly order: string[]
  readonly from: Value
  readonly at: unknown
}

/** What is there already wins; own keys that come later simply overwrite. */
function merge(work: Work, { mapping, order, from, at }: Merge): void {
  const reported = (isAlias(at) && !work.targets.has(at)) || isOverfull(work)
  if (reported) return
  const sources: readonly Value[] = Array.isArray(from) ? from : [from]
  for (const source of sources) {
    if (source === null || typeof source !== 'object' || Array.isArray(source)) {
      report(work, 'wrong-type', '`<<` wants a mapping, or a list of them', at, 'such as `<<: *common`')
      continue
    }
    for (const key of keysOf(source)) {
      if (key in mapping) continue
      mapping[key] = (source as Mapping)[key]!
      order.push(key)
    }
  }
}

function convertKey(work: Work, key: unknown): string {
  if (isAlias(key)) convertAlias(work, key)
  const node = isAlias(key) ? work.targets.get(key) : key
  if (isMap(node) || isSeq(node)) {
    const hint = 'keys are plain words; a variable as a key is not replaced'
    report(work, 'yaml-surprise', 'this is a whole list or mapping as a key', key, hint)
    return work.text.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0)
  }
  if (isScalar(node) && node.anchor !== undefined && work.depth === 0) work.anchors.set(node.anchor, node)
  const name = keyText(key, work.targets)
  if (holdsControls(name)) report(work, 'bad-name', 'control characters have no place in a key', key)
  return name
}

function foreignTag(tag: string): string {
  return `custom tags such as \`${tag}\` mean nothing to nstopo`
}

function reportTwice(work: Work, name: string, { key, first }: { readonly key: unknown; readonly first: unknown }) {
  const also = [{ at: spotOf(first), message: 'first here' }]
  const at = spotOf(key)
  const found = error('duplicate-key', `\`${name}\` stands twice in one mapping`, at, { also })
  if (work.depth === 0) work.diagnostics.push(found)
}

/** What stands behind an alias was reported where it stands. */
function report(work: Work, code: Diagnostic['code'], message: string, node: unknown, hint?: string): null {
  const found = error(code, message, spotOf(node), hint === undefined ? {} : { hint })
  if (work.depth === 0) work.diagnostics.push(found)
  return null
}

function spotOf(node: unknown) {
  const range = (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) && node.range
  return { range: range ? ([range[0], Math.max(range[1], range[0] + 1)] as const) : ([0, 0] as const) }
}
