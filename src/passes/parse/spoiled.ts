/** A value in; out without those entries of it that a syntax error has spoiled, so that nothing false is said of them. */
import { isMap, type Node } from 'yaml'
import { keysOf, type Mapping, rememberKeys, type Value } from '../../model/document.js'

/** Leaves out the entries of `nodes`, `groups` … that hold one of the offsets, and lists that do as a whole. */
export function unspoiled(value: Value, root: Node | null, spoiled: readonly number[]): Value {
  return spoiled.length === 0 ? value : without(value, root, { spoiled, levels: 2 })
}

function without(
  value: Value,
  node: unknown,
  { spoiled, levels }: { spoiled: readonly number[]; levels: number },
): Value {
  if (!isMap(node) || value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const mapping = value as Mapping
  const result: Record<string, Value> = Object.create(null)
  const kept: string[] = []
  const bad = new Map(node.items.filter(pair => holds(pair, spoiled)).map(pair => [`${pair.key}`, pair.value]))
  for (const key of keysOf(mapping)) {
    const inner = bad.get(key)
    if (bad.has(key) && (levels === 1 || !isMap(inner))) continue
    result[key] = bad.has(key) ? without(mapping[key]!, inner, { spoiled, levels: levels - 1 }) : mapping[key]!
    kept.push(key)
  }
  rememberKeys(result, kept)
  return result
}

function holds(pair: { readonly key: unknown; readonly value: unknown }, spoiled: readonly number[]): boolean {
  const start = (pair.key as Node | null)?.range?.[0] ?? 0
  const end = (pair.value as Node | null)?.range?.[2] ?? (pair.key as Node | null)?.range?.[2] ?? 0
  return spoiled.some(offset => offset >= start && offset <= end)
}
