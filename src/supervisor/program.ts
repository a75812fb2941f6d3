/** One process of the lab: orders in; its runs, one after the other, each change of them written down, out. */
import { constants } from 'node:os'
import { unless } from '../kernel/errors.js'
import { type Entry, type Place, writeEntry } from '../kernel/host/journal.js'
import type { Process } from '../model/state.js'
import { endFamily } from './family.js'
import { Output } from './output.js'
import { countFailures, nextStart, type Pace } from './pace.js'
import { type CommandOf, type Owner, Run } from './run.js'
import { ready, refusal, type Verdict, Waiters, within } from './verdict.js'
import { endedWords, signalNumber } from './words.js'

export interface World {
  readonly commandOf: CommandOf
  readonly pace: Pace
  /** Told after each change. */
  readonly changed: () => void
}

/** Milliseconds that the kernel has to end what was killed. */
const killing = 5000

export class Program {
  private run: Run | undefined
  private stopping = false
  private pause: NodeJS.Timeout | undefined
  private readonly waiters = new Waiters()
  private output: Output

  private constructor(
    private readonly place: Place,
    private entry: Entry,
    private readonly world: World,
  ) {
    this.output = new Output(place, entry.process.log)
  }

  /** One that was never started. */
  static create(place: Place, process: Process, world: World): Program {
    return new Program(place, { ...fresh(process), state: 'stopped' }, world)
  }

  /** One that another supervisor has left: it goes on where that one was. */
  static recover(place: Place, entry: Entry, world: World): Program {
    const program = new Program(place, entry, world)
    program.goOn()
    return program
  }

  get process(): Process {
    return this.entry.process
  }

  /** Whether there is anything to watch, or to do. */
  get isBusy(): boolean {
    return this.run?.live !== undefined || this.stopping || this.entry.state === 'starting'
  }

  /** Whether what needs it can be started. */
  get isUsable(): boolean {
    const { state, ended } = this.entry
    return state === 'ready' || state === 'running' || (state === 'exited' && ended === 'exit 0')
  }

  /** Starts it unless it runs as it is to; stops it first where it runs otherwise. Told when it is ready, or will not be. */
  async start(process: Process): Promise<Verdict> {
    const same = JSON.stringify(definition(process)) === JSON.stringify(this.process)
    if (same && this.isBusy && !this.stopping) return this.whenReady()
    const stopped = await this.stop()
    if (!stopped.ready) return stopped
    if (process.log !== this.process.log) {
      this.output.close()
      this.output = new Output(this.place, process.log)
    }
    this.output.forget()
    this.entry = fresh(process)
    const verdict = this.whenReady()
    this.begin()
    return verdict
  }

  /** Its signal, its grace, then the end of it and of all that it has started. `ready` is: it is gone. */
  async stop(): Promise<Verdict> {
    clearTimeout(this.pause)
    this.run?.giveUp()
    this.waiters.tell(refusal('was stopped before it was ready', this.output.tail()))
    const { run, entry } = this
    if (!run?.live && !entry.running && entry.state === 'stopped') return ready
    this.stopping = true
    this.save({ wanted: 'stop' })
    const ended = run?.live ? await this.end(run.live) : entry.ended
    const gone = !run?.live || ended !== undefined
    if (entry.running && gone) await endFamily(entry.running)
    this.stopping = false
    if (!gone) return refusal('does not end, though it was killed', this.output.tail())
    this.run = undefined
    this.output.drain()
    this.save({ state: 'stopped', running: undefined, ended })
    return ready
  }

  /** What it is already on its way to. */
  isReady(): Promise<Verdict> {
    const { state } = this.entry
    if (this.isUsable || state === 'starting') return this.whenReady()
    return Promise.resolve(refusal('does not run'))
  }

  close(): void {
    this.output.close()
  }

  /** How it ended; undefined where it does not. */
  private async end({ signal, ended }: NonNullable<Run['live']>): Promise<string | undefined> {
    const { running, process } = this.entry
    signal(signalNumber(process.stop.signal))
    // A stopped process hears nothing before it goes on.
    signal(constants.signals.SIGCONT)
    const how = await within(process.stop.grace * 1000, ended)
    if (how || !running) return how
    await endFamily(running)
    return within(killing, ended)
  }

  private whenReady(): Promise<Verdict> {
    if (this.isUsable) return Promise.resolve(ready)
    return this.waiters.wait(this.process.ready, () => this.output.tail())
  }

  private save(change: Partial<Entry>): void {
    this.entry = { ...this.entry, ...change }
    // A lab's folder may have been taken away: what it held is to end all the same.
    unless(['ENOENT'], () => writeEntry(this.place, this.entry))
    this.world.changed()
  }

  private owner(): Owner {
    const { output } = this
    return {
      ...{ process: this.process, output, commandOf: this.world.commandOf },
      save: change => this.save(change),
      isReady: () => this.waiters.tell(ready),
      willNotBeReady: reason => this.waiters.tell(refusal(reason, output.tail())),
      hasEnded: how => this.hasEnded(how),
      hasFailed: (reason, how, refused) => this.fail(reason, how, refused),
    }
  }

  private begin(): void {
    this.run?.giveUp()
    this.run = new Run(this.owner())
    void this.run.begin(this.entry.running)
  }

  private hasEnded(how: string): void {
    const { restart } = this.process
    if (restart === 'always' || (restart === 'on-failure' && how !== 'exit 0')) return this.beginLater(how)
    this.save({ state: 'exited', ended: how })
    this.waiters.tell(refusal(`${endedWords(how)} before it was ready`, this.output.tail()))
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
    const lines = this.output.tail().filter(line => line !== refused)
    this.waiters.tell(refusal(reason, lines))
  }

  private goOn(): void {
    const { wanted, running, state } = this.entry
    const run = new Run(this.owner())
    this.run = run
    if (wanted === 'run' && state === 'starting' && !running?.begun) return void this.beginUnless(run)
    const lives = running !== undefined && run.resume(running, this.entry)
    if (wanted === 'stop') void this.stop()
    else if (!lives && ['starting', 'running', 'ready'].includes(state)) this.hasEnded('unknown')
  }

  /** Who was killed may have let it begin, and not have written so. */
  private async beginUnless(run: Run): Promise<void> {
    const { running } = this.entry
    const begun = running !== undefined && (await run.recognise(running, this.entry))
    if (!begun) this.begin()
  }
}

function fresh(process: Process): Entry {
  return { process: definition(process), wanted: 'run', state: 'starting', restarts: 0, failures: 0 }
}

/** What the file says of it. */
function definition({ seen: _, at: __, ...process }: Process): Process {
  return process
}
