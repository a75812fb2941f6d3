/** Milliseconds, a signal and an alarm in; a promise out that one of them keeps. */

export interface PauseOptions {
  /** Without it, one waits for the others alone. */
  readonly milliseconds?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Is given what ends the pause. */
  readonly alarm?: (wake: () => void) => void
}

/** Nothing is left of it afterwards: no timer, and no listener on the signal. */
export function pause({ milliseconds, signal, alarm }: PauseOptions): Promise<void> {
  return new Promise(resolve => {
    const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
    alarm?.(done)
    if (signal?.aborted) done()
  })
}
