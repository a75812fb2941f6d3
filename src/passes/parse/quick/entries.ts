/** Keys and values in; out a mapping as `convert` makes them: without a prototype, its order remembered. */
import { type Mapping, rememberKeys, type Value } from '../../../model/document.js'

export interface Entries {
  readonly mapping: Record<string, Value>
  /** In the order of the text, from the first key on that JavaScript might put before others. */
  keys: string[] | undefined
}

export function newEntries(): Entries {
  return { mapping: Object.create(null), keys: undefined }
}

/** False for a key that is there already, and for YAML's key that merges. */
export function set(entries: Entries, key: string, value: Value): boolean {
  const { mapping } = entries
  if (key === '<<' || key in mapping) return false
  if (entries.keys === undefined && beginsWithDigit(key)) entries.keys = Object.keys(mapping)
  entries.keys?.push(key)
  mapping[key] = value
  return true
}

function beginsWithDigit(key: string): boolean {
  const code = key.charCodeAt(0)
  return code >= 48 && code <= 57
}

export function finished({ mapping, keys }: Entries): Mapping {
  if (keys !== undefined) rememberKeys(mapping, keys)
  return mapping
}
