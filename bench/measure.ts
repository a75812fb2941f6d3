/** Commands in; how long they took and how much memory they had out. The two C programs of this folder are compiled for it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Sample {
  /** Of the whole command, its start included. */
  readonly ms: number
  /** The most that the process had in memory; 0 where it was not measured. */
  readonly kib: number
}

export interface Meter {
  /** The floor's program. */
  readonly floor: string
  /** Runs a command and waits for it. @throws Error with its words, unless it ends with `status` */
  run(command: string, words: readonly string[], status?: number): Sample
}

/** Compiles both programs into `folder`. */
export function meter(folder: string): Meter {
  const source = join(import.meta.dirname, 'floor')
  const parts = readdirSync(source).filter(name => name.endsWith('.c'))
  const [floor, measure] = [join(folder, 'floor'), join(folder, 'measure')]
  execFileSync('cc', ['-O2', '-pthread', '-o', floor, ...parts.map(name => join(source, name))])
  execFileSync('cc', ['-O2', '-o', measure, join(import.meta.dirname, 'measure.c')])
  return { floor, run: (command, words, status = 0) => run(measure, [command, ...words], status) }
}

function run(measure: string, words: readonly string[], wanted: number): Sample {
  const { output, error } = spawnSync(measure, words, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const [, , said = '', told = ''] = output ?? []
  const [nanoseconds = 0, kib = 0, status = -1] = (told ?? '').trim().split(' ').map(Number)
  if (error || status !== wanted)
    throw new Error(`${words.slice(0, 6).join(' ')} ended with ${status}: ${error?.message ?? said?.slice(0, 2000)}`)
  return { ms: nanoseconds / 1e6, kib }
}
