/** Steps done of how many in; a bar on a terminal's standard error out, once the work takes over half a second. */

export interface Progress {
  readonly step: (done: number, total: number, phase: string) => void
  /** Wipes the bar. */
  end(): void
}

const width = 30

/** Nothing is drawn on what is no terminal, or when told to be quiet. */
export function progress(quiet: boolean): Progress {
  const start = performance.now()
  let drawn = 0
  const step = (done: number, total: number, phase: string) => {
    const now = performance.now()
    // Asked last: Node makes the stream then.
    if (quiet || now - start < 500 || now - drawn < 50 || !process.stderr.isTTY) return
    drawn = now
    process.stderr.write(`\r\x1b[K${bar(done, total)} ${phase}`)
  }
  return { step, end: () => void (drawn > 0 && process.stderr.write('\r\x1b[K')) }
}

/** `[██████░░░░] 600/1000` */
export function bar(done: number, total: number): string {
  const full = total === 0 ? width : Math.min(width, Math.round((done / total) * width))
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${total}`
}
