/** What was held before and after many cycles → what has grown. */
import type { Measured } from './measure.js'

/**
 * What is counted exactly must be what it was. What the kernel and V8 keep ready varies by itself, and by what else the
 * machine does: at most so much, and so much for each cycle, which is far less than a cycle uses.
 */
const allowed: readonly (readonly [pattern: RegExp, once: number, perCycle: number])[] = [
  [/^slab net_namespace$/, 10, 0.02],
  [/^slab .*, bytes$/, 1 << 20, 1024],
  [/^slab /, 250, 0.02],
  [/^heap/, 1 << 20, 256],
]

export function growth(before: Measured, after: Measured, cycles: number): readonly string[] {
  return Object.keys(before).flatMap(name => {
    const grown = after[name]! - before[name]!
    const [, once, perCycle] = allowed.find(([pattern]) => pattern.test(name)) ?? []
    const fits = once === undefined ? grown === 0 : grown <= once + perCycle! * cycles
    return fits ? [] : [`${name}: ${before[name]} before, ${after[name]} after ${cycles} cycles`]
  })
}
