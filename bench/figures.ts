/** What was measured, by what it was of: samples in; medians and spreads out. */

/** By keys such as `nstopo up chain 1000`; milliseconds, or KiB where the key says so. */
export class Figures {
  private readonly samples = new Map<string, number[]>()

  add(key: string, value: number): void {
    const known = this.samples.get(key)
    if (known) known.push(value)
    else this.samples.set(key, [value])
  }

  of(key: string): readonly number[] {
    return this.samples.get(key) ?? []
  }

  median(key: string): number | undefined {
    const values = this.of(key)
    return values.length === 0 ? undefined : median(values)
  }

  least(key: string): number | undefined {
    const values = this.of(key)
    return values.length === 0 ? undefined : Math.min(...values)
  }
}

/** Of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Three digits where they say something, in ms below a second and in s above. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toPrecision(ms >= 100_000 ? 4 : 3)} s`
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toPrecision(ms >= 10 ? 3 : 2)} ms`
}

/** The least and the most. */
export function spread(values: readonly number[]): string {
  return values.length < 2 ? '–' : `${duration(Math.min(...values))} – ${duration(Math.max(...values))}`
}
