/** Quantities with units, as the file writes them, into numbers. */

/** A duration such as `20ms`, `2s`, `5m` in seconds; undefined when it is none. */
export function seconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (!match) return undefined
  const unit = { ms: 0.001, s: 1, m: 60, h: 3600 }[match[2]!]!
  return Number(match[1]) * unit
}
