/** One process of the lab: orders in; what came of them, told when it is ready or gone, out. */
import { constants } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import type { Entry, Place } from '../kernel/host/journal.js'
import type { Process } from '../model/state.js'
import { definition, fresh, isSameProgram, isUsable } from './entry.js'
import { endFamily } from './family.js'
import type { Live } from './launch.js'
import { Runs, type World } from './runs.js'
import { ready, refusal, type Verdict, within } from './verdict.js'
import { signalNumber } from './words.js'

/** Milliseconds that the kernel has to end what was killed. */
const killing = 5000

export class Program {
  private stopping = false

  private constructor(private readonly runs: Runs) {}

  /** One that was never started. */
  static create(place: Place, process: Process, world: World): Program {
    return new Program(new Runs(place, { ...fresh(process), state: 'stopped' }, world))
  }

  /** One that another supervisor has left: it goes on where that one was. */
  static recover(place: Place, entry: Entry, world: World): Program {
    const program = new Program(new Runs(place, entry, world))
    if (!program.runs.goOn()) void program.stop()
    return program
  }

  get process(): Process {
    return this.runs.entry.process
  }

  /** Whether there is anything to watch, or to do. */
  get isBusy(): boolean {
    return this.runs.last?.live !== undefined || this.stopping || this.runs.entry.state === 'starting'
  }

  /** Starts it unless its program runs; stops it first where another does. Told when it is ready, or will not be. */
  async start(process: Process): Promise<Verdict> {
    if (!this.stopping && isSameProgram(process, this.process) && (this.isBusy || this.hasDone(process)))
      return this.runs.takeOn(process)
    const stopped = await this.stop()
    if (!stopped.ready) return stopped
    return this.runs.beginAnew(process)
  }

  /** Its work; to do it twice takes somebody who orders just that. */
  private hasDone(process: Process): boolean {
    const { state } = this.runs.entry
    const isOrdered = isDeepStrictEqual(definition(process), this.process)
    return state === 'exited' && isUsable(this.runs.entry) && process.ready?.by !== 'listen' && !isOrdered
  }

  /** Its signal, its grace, then the end of it and of all that it has started. `ready` is: it is gone. */
  async stop(): Promise<Verdict> {
    const { runs } = this
    runs.giveUp('was stopped before it was ready')
    const { entry } = runs
    const live = runs.last?.live
    if (!live && !entry.running && entry.state === 'stopped') return ready
    this.stopping = true
    runs.save({ wanted: 'stop' })
    const ended = live ? await this.end(live) : entry.ended
    const gone = !live || ended !== undefined
    if (entry.running && gone) await endFamily(entry.running)
    this.stopping = false
    if (!gone) return refusal('does not end, though it was killed', runs.output.tail())
    runs.last = undefined
    runs.output.drain()
    runs.save({ state: 'stopped', running: undefined, ended })
    return ready
  }

  /** What it is already on its way to. */
  isReady(): Promise<Verdict> {
    const { entry } = this.runs
    if (isUsable(entry) || entry.state === 'starting') return this.runs.whenReady()
    return Promise.resolve(refusal('does not run'))
  }

  close(): void {
    this.runs.output.close()
  }

  /** How it ended; undefined where it does not. */
  private async end({ signal, ended }: Live): Promise<string | undefined> {
    const { running, process } = this.runs.entry
    const asked = signalNumber(process.stop.signal)
    if (asked !== constants.signals.SIGKILL || !running) {
      signal(asked)
      // A stopped process hears nothing before it goes on.
      signal(constants.signals.SIGCONT)
      const how = await within(process.stop.grace * 1000, ended)
      if (how || !running) return how
    }
    await endFamily(running)
    return within(killing, ended)
  }
}
