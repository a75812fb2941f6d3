/** A time as people write it, `30s`, in; milliseconds out. */
import { error } from '../../src/diagnostic.js'
import { Refused } from './refused.js'

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** `500ms`, `30s`, `5m`, `1h`; `0` needs no unit. Undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  if (text === '0') return 0
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  return unit === undefined ? undefined : Number(number) * units[unit as keyof typeof units]
}

/** What a flag says. @throws Refused for what is no time */
export function timeOf(flag: string, text: string): number {
  const time = milliseconds(text)
  if (time === undefined)
    throw new Refused(
      error('bad-usage', `${flag} ${text} is no time`, undefined, { hint: `such as ${flag} 30s, or 2m` }),
    )
  return time
}
