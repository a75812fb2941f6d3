/** Labs in; all of them gone when this process is, out. */
import type { Kernel } from '../kernel/kernel.js'

/** What is kept of a lab that is up. */
export interface Living {
  readonly name: string
  readonly kernel: Kernel
  down(): Promise<void>
  save(folder: string): Promise<string>
  forget(): void
}

export interface Registry {
  readonly labs: Set<Living>
  /** A fixture is there, which takes labs down after it has looked at how their test ended. */
  fixture: boolean
  /** Labs whose test is done with them. */
  readonly released: Set<Living>
  watched: boolean
}

export const registryKey: unique symbol = Symbol.for('nstopo.labs')

export const emptyRegistry = (): Registry => {
  return { labs: new Set(), fixture: false, released: new Set(), watched: false }
}

/** One for the whole program, however often this file is loaded. */
export function registry(): Registry {
  const whole = globalThis as { [registryKey]?: Registry }
  whole[registryKey] ??= emptyRegistry()
  return whole[registryKey]
}

export function enlist(lab: Living): void {
  registry().labs.add(lab)
  if (registry().watched) return
  registry().watched = true
  process.on('exit', removeAll)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endedBy)
}

export function delist(lab: Living): void {
  registry().labs.delete(lab)
  registry().released.delete(lab)
}

/** Nothing that waits is possible any more. */
function removeAll(): void {
  for (const lab of registry().labs) {
    const space = lab.kernel.space(lab.name)
    try {
      if (space.exists) space.leave()
      space.remove()
    } catch {
      // The next process that makes a lab finds it (unique.ts), or gc does.
    }
  }
  registry().labs.clear()
}

/** Where nobody else handles the signal, it ends the process as it would have without us. */
function endedBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  removeAll()
  process.off(signal, endedBy)
  process.kill(process.pid, signal)
}
