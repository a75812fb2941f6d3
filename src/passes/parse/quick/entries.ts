/** Keys and values in; out a mapping as `convert` makes them: without a prototype, its order remembered. */
import { type Mapping, rememberKeys, type Value } from '../../../model/document.js'

export interface Entries {
  readonly mapping: Record<string, Value>
  readonly keys: string[]
}

export function newEntries(): Entries {
  return { mapping: Object.create(null), keys: [] }
}

/** False for a key that is there already, and for YAML's key that merges. */
export function set({ mapping, keys }: Entries, key: string, value: Value): boolean {
  if (key === '<<' || key in mapping) return false
  mapping[key] = value
  keys.push(key)
  return true
}

export function finished({ mapping, keys }: Entries): Mapping {
  rememberKeys(mapping, keys)
  return mapping
}
