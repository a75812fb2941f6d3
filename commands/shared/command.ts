/** What every command is: oclif's command, whose run gives the exit status. */
import { Command } from '@oclif/core/command'
import type { Input, ParserOutput } from '@oclif/core/interfaces'
import { type Marks, watchBy, watching } from './timing.js'

type Values = Record<string, unknown>

export abstract class NstopoCommand extends Command {
  /** Of the start of this process, for `--timings`. */
  marks: Marks = { begun: 0, loaded: 0 }

  /** Does the work and returns the exit status. */
  abstract override run(): Promise<number>

  /** What is left to do when all is told; returns the exit status. */
  end(status: number): number {
    return watching()?.end(status) ?? status
  }

  /** From here on somebody watches where the time goes, if the flags say so. */
  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    const { timings, profile } = parsed.flags
    if (timings !== true && typeof profile !== 'string') return parsed
    const { watcher } = await import('./timekeeper.js')
    const file = typeof profile === 'string' ? { profile } : {}
    watchBy(watcher(this.id ?? '', { timings: timings === true, ...file }, this.marks))
    return parsed
  }
}
