/** A lab's folder in; its processes out, those that an earlier supervisor has left among them. */
import { rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { unless } from '../kernel/errors.js'
import { makePlace, placeOf, readEntries } from '../kernel/host/journal.js'
import type { Process } from '../model/state.js'
import { Program } from './program.js'
import type { World } from './runs.js'
import type { Programs } from './session.js'
import { ready, type Verdict } from './verdict.js'

export class Lab implements Programs {
  private readonly programs = new Map<string, Program>()

  constructor(
    private readonly folder: string,
    private readonly world: World,
  ) {}

  get isBusy(): boolean {
    return [...this.programs.values()].some(program => program.isBusy)
  }

  recover(): void {
    for (const { place, entry } of readEntries(this.folder)) {
      const { node, name } = entry.process
      this.programs.set(`${node}:${name}`, Program.recover(place, entry, this.world))
    }
  }

  get(node: string, name: string): Program | undefined {
    return this.programs.get(`${node}:${name}`)
  }

  start(process: Process): Promise<Verdict> {
    const { node, name } = process
    const known = this.get(node, name)
    if (known) return known.start(process)
    const place = placeOf(this.folder, node, name)
    makePlace(place)
    const program = Program.create(place, process, this.world)
    this.programs.set(`${node}:${name}`, program)
    return program.start(process)
  }

  async stop(node: string, name: string, forget: boolean): Promise<Verdict> {
    const program = this.get(node, name)
    if (!program) return ready
    const verdict = await program.stop()
    if (verdict.ready && forget) this.forget(node, name, program)
    return verdict
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.programs.values()].filter(({ isBusy }) => isBusy).map(program => program.stop()))
  }

  private forget(node: string, name: string, program: Program): void {
    program.close()
    this.programs.delete(`${node}:${name}`)
    const { own } = placeOf(this.folder, node, name)
    rmSync(own, { recursive: true, force: true })
    unless(['ENOTEMPTY', 'ENOENT'], () => rmdirSync(dirname(own)))
  }
}
