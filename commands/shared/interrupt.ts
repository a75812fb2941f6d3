/** SIGINT, SIGTERM and SIGHUP in; an AbortSignal and the exit status they mean out. */

export interface Interruption {
  readonly signal: AbortSignal
  /** 128 and the signal's number; 130 when there was none. */
  status(): number
  /** Gives the signals back to their default. */
  done(): void
}

const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** From here on the signals stop a run between two batches instead of ending the process. */
export function interruption(): Interruption {
  const controller = new AbortController()
  let status = 130
  const stop = (name: NodeJS.Signals) => {
    status = 128 + (numbers[name as keyof typeof numbers] ?? 2)
    controller.abort()
  }
  for (const name of names) process.on(name, stop)
  return {
    signal: controller.signal,
    status: () => status,
    done: () => names.forEach(name => void process.off(name, stop)),
  }
}

/** Signals end it, and so does a reader of its output who went away. */
export function stopping(): Pick<Interruption, 'signal' | 'done'> {
  const { signal, done } = interruption()
  const left = new AbortController()
  const leave = () => left.abort()
  process.stdout.on('error', leave)
  return {
    signal: AbortSignal.any([signal, left.signal]),
    done() {
      done()
      process.stdout.off('error', leave)
    },
  }
}
