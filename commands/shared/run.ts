/** What several commands do on their way: read what is named, refuse what can't be done. */
import type { Diagnostic } from '../../src/diagnostic.js'
import type { Source } from '../../src/model/document.js'
import type { RunOptions } from '../../src/pipeline.js'
import { interruption } from './interrupt.js'
import { type Answer, finish, type OutputFlags } from './output.js'
import { progress } from './progress.js'
import { type Read, readSource, type SourceFlags } from './source.js'
import { statusOf } from './status.js'
import { fileOf } from './subject.js'
import { watched } from './timing.js'

/** The topology that a command works on, named or found in this folder. */
export async function sourceOf(word: string | undefined, flags: SourceFlags): Promise<Read<Source>> {
  const file = fileOf(word)
  return 'problem' in file ? file : watched('read the file', () => readSource(file.value, flags))
}

/** Says why a command can't start; returns the exit status. */
export function refuse(command: string, problem: Diagnostic, flags: OutputFlags, status?: number): number {
  return finish({ command, diagnostics: [problem], status }, flags)
}

/** Runs what changes a lab, with a bar and with signals that stop it cleanly. */
export async function change<T extends Pick<Answer, 'diagnostics'>>(
  flags: OutputFlags,
  work: (options: Pick<RunOptions, 'progress' | 'signal'>) => Promise<T>,
): Promise<T & { readonly status: number }> {
  const stop = interruption()
  const bar = progress(flags.quiet === true || flags.json === true)
  try {
    const done = await work({ progress: bar.step, signal: stop.signal })
    return { ...done, status: statusOf(done.diagnostics, stop.status()) }
  } finally {
    bar.end()
    stop.done()
  }
}
