/** Nodes in; out come functions that say, when asked, in which line and column a path of the value stands. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Document, Path, Place } from '../../model/document.js'

/** What each alias stands for; aliases that stand for nothing are missing. */
export type Targets = ReadonlyMap<Alias, Node>
type Item = Node | null | undefined
type Range = readonly [start: number, end: number]

export function placesOf(text: string, root: Node | null, targets: Targets): Pick<Document, 'place' | 'range'> {
  let starts: readonly number[] | undefined
  const range = (start: number, end: number): Place => {
    starts ??= lineStarts(text)
    const line = lineOf(starts, start)
    return { line: line + 1, column: start - starts[line]! + 1, start, end }
  }
  const place = (path: Path, key = false) => range(...trim(text, find({ root, targets }, path, key)))
  return { place, range }
}

/** A scalar key as the text that it is known by. */
export function keyText(key: unknown, targets: Targets): string {
  const node = isAlias(key) ? targets.get(key) : key
  return isScalar(node) ? scalarText(node) : ''
}

/** The text of a scalar, whatever it was tagged as. */
export function scalarText(node: { readonly value: unknown; readonly source?: string | undefined }): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? '')
}

/** Walks down as far as the path exists; the last step gives its key or its value. */
function find(tree: { readonly root: Item; readonly targets: Targets }, path: Path, key: boolean): Range {
  let node = tree.root
  let range = rangeOf(node) ?? [0, 0]
  for (const [index, step] of path.entries()) {
    const found = child(resolved(node, tree.targets), step, tree.targets)
    if (!found) break
    node = found.value
    const wantsKey = key && index === path.length - 1
    range = (wantsKey ? found.key : (rangeOf(node) ?? found.key)) ?? range
  }
  return range
}

function child(node: Item, step: string | number, targets: Targets) {
  if (isMap(node)) {
    const pair = findPair(node, `${step}`, targets)
    return pair && { key: rangeOf(pair.key as Item), value: pair.value as Item }
  }
  if (!isSeq(node)) return Number(step) === 0 ? { key: rangeOf(node), value: node } : undefined
  const item = node.items[Number(step)] as Item
  return item && { key: rangeOf(item), value: item }
}

/** A mapping's own pair of this key (the last of several), or that of the first merged mapping that has one. */
function findPair(map: YAMLMap, key: string, targets: Targets): Pair | undefined {
  const pairs = pairsOf(map, targets)
  const own = pairs.get(key)
  if (own || !pairs.has('<<')) return own
  for (const pair of map.items) {
    if (!isMergeKey(pair.key)) continue
    const source = resolved(pair.value as Item, targets)
    for (const item of isSeq(source) ? source.items : [source]) {
      const merged = resolved(item as Item, targets)
      const found = isMap(merged) ? findPair(merged, key, targets) : undefined
      if (found) return found
    }
  }
  return undefined
}

const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

/** By key: a file with thousands of mistakes asks for thousands of places. */
function pairsOf(map: YAMLMap, targets: Targets): ReadonlyMap<string, Pair> {
  const found = indexes.get(map)
  if (found !== undefined) return found
  const index = new Map(map.items.map(pair => [keyText(pair.key, targets), pair]))
  indexes.set(map, index)
  return index
}

export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<'
}

function resolved(node: Item, targets: Targets): Item {
  return isAlias(node) ? targets.get(node) : node
}

/** None for a value that isn't there: its key says more. */
function rangeOf(node: Item): Range | undefined {
  const range = node?.range
  return range && range[1] > range[0] ? [range[0], range[1]] : undefined
}

/** Without the blanks and line ends that the package counts to a block. */
function trim(text: string, [start, end]: Range): Range {
  let last = end
  while (last > start + 1 && ' \t\r\n'.includes(text[last - 1]!)) last--
  return [start, last]
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

/** The last line that starts at or before the offset, from 0. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}
