/** Mistakes in a value in; out the smallest entries that can be left out for them, and the value without these. */
import type { Diagnostic } from '../../diagnostic.js'
import { keysOf, type Mapping, type Path, rememberKeys, type Value } from '../../model/document.js'

/** Of these, one item can be left out. */
const lists = new Set(['routes', 'routes+', 'rules', 'rules+', 'neighbors', 'neighbors+'])

/** Of these, one entry. */
const named = new Set(['interfaces', 'files', 'processes'])

/** What to leave out for a mistake: a key that does not exist alone, else the whole entry that the mistake is in. */
export function entryOf({ code, at }: Diagnostic): readonly Path[] {
  if (!at || !('path' in at)) return []
  return [code === 'unknown-key' ? at.path : entryAround(at.path)]
}

export function entryAround(path: Path): Path {
  const [section, , key, step] = path
  const itemized = named.has(`${key}`) || (lists.has(`${key}`) && typeof step === 'number')
  if (section === 'nodes') return path.slice(0, itemized ? 4 : 3)
  return path.slice(0, section === 'groups' || section === 'links' || section === 'defaults' ? 2 : 1)
}

/** By key or index what is left out below; null: all of it. */
type Cut = Map<string | number, Cut | null>

/** Items of lists, nodes and groups stay as null, so that the others keep their indexes, and names are known. */
export function without(value: Value, dropped: readonly Path[]): Value {
  const top: Cut = new Map()
  for (const path of dropped) cutOut(top, path)
  return carve(value, top, [])
}

function cutOut(top: Cut, path: Path): void {
  let cut = top
  for (const [depth, step] of path.entries()) {
    const below = cut.get(step)
    if (below === null) return
    const next = depth === path.length - 1 ? null : (below ?? new Map())
    cut.set(step, next)
    if (next) cut = next
  }
}

function carve(value: Value, cut: Cut, path: Path): Value {
  if (value === null || typeof value !== 'object') return value
  const below = (inner: Value, step: string | number): Value => {
    const deeper = cut.get(step)
    return deeper ? carve(inner, deeper, [...path, step]) : deeper === null ? null : inner
  }
  if (Array.isArray(value)) return value.map(below)
  const stays = path.length === 1 && (path[0] === 'nodes' || path[0] === 'groups')
  const result: Record<string, Value> = Object.create(null)
  const kept = keysOf(value).filter(key => stays || cut.get(key) !== null)
  for (const key of kept) result[key] = below((value as Mapping)[key]!, key)
  rememberKeys(result, kept)
  return result
}

/** Whether something was left out exactly here. */
export function leavesOut(value: Value, path: Path): boolean {
  let inner: unknown = value
  for (const step of path) inner = typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined
  return inner === null
}
