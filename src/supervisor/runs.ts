/** A process in; its runs, one after the other, each change of them written down, and told to who waits, out. */
import { isDeepStrictEqual } from 'node:util'
import { unless } from '../kernel/errors.js'
import { type Entry, type Place, writeEntry } from '../kernel/host/journal.js'
import type { Process } from '../model/state.js'
import { definition, fresh, goesOn, isUsable } from './entry.js'
import { Output } from './output.js'
import { countFailures, nextStart, type Pace } from './pace.js'
import { type CommandOf, type Owner, Run } from './run.js'
import { ready, refusal, type Verdict, Waiters } from './verdict.js'
import { endedWords } from './words.js'

export interface World {
  readonly commandOf: CommandOf
  readonly pace: Pace
  /** Told after each change. */
  readonly changed: () => void
}

export class Runs {
  /** The last one, until it was stopped. */
  last: Run | undefined
  readonly output: Output
  private pause: NodeJS.Timeout | undefined
  private readonly waiters = new Waiters()

  constructor(
    private readonly place: Place,
    public entry: Entry,
    private readonly world: World,
  ) {
    this.output = new Output(place, entry.process.log)
  }

  /** As one that never ran. Told when it is ready, or will not be. */
  beginAnew(process: Process): Promise<Verdict> {
    this.output.limit = process.log
    this.output.forget()
    this.entry = fresh(process)
    // What can't be started is told at once.
    const verdict = this.whenReady()
    this.begin()
    return verdict
  }

  /** What is done about the program is otherwise from now on; the program goes on. Told when it is ready, or will not be. */
  takeOn(process: Process): Promise<Verdict> {
    const before = this.entry.process
    this.output.limit = process.log
    this.save({ process: definition(process) })
    if (!isDeepStrictEqual(before.ready, process.ready)) this.last?.lookAnew(this.entry)
    return this.whenReady()
  }

  /** Where another supervisor has left it; whether it is to run. */
  goOn(): boolean {
    const { wanted, running, state } = this.entry
    const run = new Run(this.owner())
    this.last = run
    const isWanted = wanted === 'run'
    if (isWanted && state === 'starting' && !running?.begun) {
      void this.beginUnless(run)
      return true
    }
    const lives = running !== undefined && run.resume(running, this.entry)
    if (isWanted && !lives && ['starting', 'running', 'ready'].includes(state)) this.hasEnded('unknown')
    return isWanted
  }

  /** No other begins; the last may still live. */
  giveUp(reason: string): void {
    clearTimeout(this.pause)
    this.last?.giveUp()
    this.tellNot(reason)
  }

  whenReady(): Promise<Verdict> {
    if (isUsable(this.entry)) return Promise.resolve(ready)
    return this.waiters.wait(this.entry.process.ready, () => this.output.tail())
  }

  save(change: Partial<Entry>): void {
    this.entry = { ...this.entry, ...change }
    // A lab's folder may have been taken away: what it held is to end all the same.
    unless(['ENOENT'], () => writeEntry(this.place, this.entry))
    this.world.changed()
  }

  private begin(): void {
    this.last?.giveUp()
    this.last = new Run(this.owner())
    void this.last.begin(this.entry.running)
  }

  /** Who was killed may have let it begin, and not have written so. */
  private async beginUnless(run: Run): Promise<void> {
    const { running } = this.entry
    const begun = running !== undefined && (await run.recognise(running, this.entry))
    if (!begun) this.begin()
  }

  private owner(): Owner {
    const { output } = this
    return {
      ...{ process: () => this.entry.process, output, commandOf: this.world.commandOf },
      save: change => this.save(change),
      isReady: () => this.waiters.tell(ready),
      willNotBeReady: reason => this.tellNot(reason),
      hasEnded: how => this.hasEnded(how),
      hasFailed: (reason, how, refused) => this.fail(reason, how, refused),
    }
  }

  private hasEnded(how: string): void {
    if (goesOn(this.entry.process, how)) return this.beginLater(how)
    this.save({ state: 'exited', ended: how })
    this.tellNot(`${endedWords(how)} before it was ready`)
  }

  private beginLater(how: string): void {
    const { pace } = this.world
    const { since = 0, failures: before, restarts, running } = this.entry
    const failures = countFailures(pace, before, Date.now() - since)
    const pause = nextStart(pace, failures)
    if (pause === undefined) return this.fail(`${endedWords(how)}, ${failures} times in a row`, how)
    const ended = { ended: how, running: running && { ...running, begun: false } }
    this.save({ ...ended, state: 'starting', failures, restarts: restarts + 1 })
    this.pause = setTimeout(() => this.begin(), pause)
  }

  private fail(reason: string, how?: string, refused?: string): void {
    this.save({ state: 'failed', ...(how && { ended: how }) })
    this.tellNot(reason, refused)
  }

  /** @param refused a line that says the same */
  private tellNot(reason: string, refused?: string): void {
    const lines = this.output.tail().filter(line => line !== refused)
    this.waiters.tell(refusal(reason, lines))
  }
}
