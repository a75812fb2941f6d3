/** Quantities with units, as the file writes them, into numbers; undefined for what is none. */

/** As patterns of the schema. */
export const duration = { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' } as const
export const size = { type: 'string', pattern: '^\\d+(\\.\\d+)?(kb|mb|gb|kib|mib|gib)$' } as const
/** How far a clock is ahead. */
export const offset = { type: 'string', pattern: '^[+-]?(\\d+(\\.\\d+)?(ms|s|m|h|d))+$' } as const
/** Processors' worth of time. */
export const share = { type: 'string', pattern: '^\\d+(\\.\\d+)?%?$' } as const

/** Bits in a second. */
export const rate = { type: 'string', pattern: '^\\d+(\\.\\d+)?(kbit|mbit|gbit)$' } as const

const spans = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const
const sizes = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const

/** A duration such as `20ms`, `2s`, `5m` in seconds. */
export function seconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  return match ? Number(match[1]) * spans[match[2] as keyof typeof spans] : undefined
}

/** An offset such as `+7d`, `-3h` or `1d12h` in seconds. */
export function signedSeconds(text: string): number | undefined {
  if (!new RegExp(offset.pattern).test(text)) return undefined
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  const sum = parts.reduce((total, [, count, unit]) => total + Number(count) * spans[unit as keyof typeof spans], 0)
  return text.startsWith('-') ? -sum : sum
}

/** A size such as `64kb`, `256mb` or `1gib` in bytes; each step is 1024, as for memory. */
export function bytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kmg])i?b$/.exec(text)
  return match ? Math.round(Number(match[1]) * sizes[match[2] as keyof typeof sizes]) : undefined
}

/** A rate such as `100mbit` in bits a second; each step is 1000, as for lines. */
export function bitsPerSecond(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kmg])bit$/.exec(text)
  return match ? Number(match[1]) * { k: 1e3, m: 1e6, g: 1e9 }[match[2] as 'k' | 'm' | 'g'] : undefined
}

/** `50%` or `1.5` as processors: 0.5 and 1.5. */
export function processors(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text)
  return match ? Number(match[1]) / (match[2] ? 100 : 1) : undefined
}
