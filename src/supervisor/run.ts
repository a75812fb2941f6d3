/** A process in; one run of it, from the launcher to its end, and each step of that told, out. */
import type { Entry, Running } from '../kernel/host/journal.js'
import type { Ready } from '../model/network.js'
import type { Process } from '../model/state.js'
import { whatBecameOf } from './became.js'
import { endFamily, type Head } from './family.js'
import { type Child, type Command, type Live, launch, runOnce, takeOver } from './launch.js'
import type { Output } from './output.js'
import { becomesReady } from './ready.js'
import { refusedWords, said, thrownWords } from './words.js'

/**
 * How a command is started where the process is. @param gate it waits for a word on `reportDescriptor` before
 * @throws SystemError where there is no such place any more
 */
export type CommandOf = (process: Process, command: readonly string[], gate: boolean) => Omit<Command, 'output'>

/** Whose run it is; told nothing more once the run is given up. */
export interface Owner {
  /** As it is to be now. */
  process(): Process
  readonly output: Output
  readonly commandOf: CommandOf
  save(change: Partial<Entry>): void
  /** Whatever it is to be ready for can begin. */
  isReady(): void
  willNotBeReady(reason: string): void
  hasEnded(how: string): void
  /** @param refused what the launcher said of it, which stands in the output, too */
  hasFailed(reason: string, how?: string, refused?: string): void
}

/** For nobody to see: it only ends what waits. */
const over = new Error('over')

export class Run {
  /** While it lives. */
  live: Live | undefined
  private readonly waits = new AbortController()
  /** Whether it is ready. */
  private look = new AbortController()

  constructor(private readonly owner: Owner) {}

  /** @param left who was started by the run before, and is to be ended first */
  async begin(left: Head | undefined): Promise<void> {
    const { owner } = this
    try {
      owner.save({ wanted: 'run', state: 'starting', running: undefined, since: Date.now() })
      if (left) await endFamily(left)
      if (this.isOver) return
      const since = Date.now()
      const { child, running } = this.spawn(since)
      this.follow(child, child.report)
      const { refused, program } = said(await child.report)
      if (refused === '' && !this.isOver) this.hasBegun({ ...running, begun: true, ...(program && { program }) }, since)
    } catch (thrown) {
      if (!this.isOver) this.owner.hasFailed(thrownWords(thrown))
    }
  }

  /** Goes on with one that another supervisor has begun; whether it lives. */
  resume(running: Running, { state, since = Date.now() }: Entry): boolean {
    const live = takeOver(running)
    if (!live) return false
    this.follow(live)
    if (state === 'starting') this.hasBegun(running, since)
    return true
  }

  /** Goes on with what another supervisor has told to begin, or not; whether it has begun, and lives. */
  async recognise(running: Running, entry: Entry): Promise<boolean> {
    const became = await whatBecameOf(running)
    if (this.isOver) return true
    return became !== undefined && this.resume({ ...running, ...became, begun: true }, entry)
  }

  /** What it is to be ready for is something else now. */
  lookAnew({ running, since = 0 }: Entry): void {
    this.look.abort(over)
    if (this.live && running?.begun) this.hasBegun(running, since)
  }

  /** Nothing is waited for, and nothing told, any more; it may still live. */
  giveUp(): void {
    this.waits.abort(over)
  }

  private get isOver(): boolean {
    return this.waits.signal.aborted
  }

  /** It is written down before it may do anything: so nobody ever starts it twice. */
  private spawn(since: number): { child: Child; running: Running } {
    const { output, commandOf, save } = this.owner
    const process = this.owner.process()
    const position = output.position()
    const { network, ...command } = commandOf(process, process.command, true)
    const child = launch({ ...command, output: output.descriptor() })
    const running: Running = { ...child.identity, begun: false, network, output: position }
    save({ running, since })
    child.go()
    return { child, running }
  }

  private follow(live: Live, report?: Promise<string>): void {
    this.live = live
    live.ended.then(async how => {
      const { refused } = said((await report) ?? '')
      this.live = undefined
      if (this.isOver) return
      this.giveUp()
      this.owner.output.drain()
      if (refused === '') this.owner.hasEnded(how)
      else this.owner.hasFailed(refusedWords(refused), how, refused)
    })
  }

  private hasBegun(running: Running, since: number): void {
    const { process, save, isReady } = this.owner
    const { ready } = process()
    save({ running, state: ready ? 'starting' : 'running' })
    if (ready) void this.lookWhetherReady(ready, running, since)
    else isReady()
  }

  private async lookWhetherReady(ready: Ready, { pid, output: from }: Running, since: number): Promise<void> {
    const { process, output, commandOf, save, isReady, willNotBeReady } = this.owner
    this.look = new AbortController()
    const signal = AbortSignal.any([this.waits.signal, this.look.signal])
    try {
      await becomesReady(ready, {
        ...{ pid, output, from, since, signal },
        run: (command, signal) => runOnce(commandOf(process(), command, false), signal),
      })
      if (signal.aborted) return
      save({ state: 'ready' })
      isReady()
    } catch (thrown) {
      if (!signal.aborted) willNotBeReady(thrownWords(thrown))
    }
  }
}
