/** One network and the tools that build it, in turn, round after round; their times, and whether they made the same, out. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../src/pipeline.js'
import type { Figures } from './figures.js'
import { ensureNetns, interrupted, quiet } from './machine.js'
import type { Meter, Sample } from './measure.js'
import { difference, type Held, readNode, sample } from './same.js'
import type { Run, Task, Tool } from './tools/contract.js'
import type { Work } from './workloads.js'

export interface CellOptions {
  readonly rounds: number
  /** Milliseconds after which a tool is not run again in this cell. */
  readonly patience: number
  /** At most so many nodes are compared. */
  readonly nodesRead: number
  readonly say: (line: string) => void
}

/** Why a tool's times are not quoted. */
export type Faults = Map<string, string>

export const keyOf = (tool: string, verb: 'up' | 'down' | 'KiB of', { shape, size }: Work): string =>
  `${tool} ${verb} ${shape} ${size}`

interface Runner {
  readonly tool: Tool
  readonly run: Run
  spent: number
}

/** Runs a cell; figures are added under `keyOf`. Tools that fail or make something else are in the faults. */
export async function runCell(
  work: Work,
  tools: readonly Tool[],
  bench: { readonly folder: string; readonly meter: Meter; readonly figures: Figures },
  options: CellOptions,
): Promise<Faults> {
  const lab = `bench${process.pid}-${work.shape}`
  const folder = join(bench.folder, `${work.shape}-${work.size}`)
  const { value } = compile({ text: work.text, label: lab, name: lab, variables: {}, environment: {} })
  if (!value) throw new Error(`the ${work.shape} is no valid topology`)
  const cell = new Cell({ work, lab, network: value.network, folder, meter: bench.meter }, bench.figures, options)
  for (const tool of tools) await cell.add(tool)
  for (let round = 0; round < options.rounds; round++) await cell.round(round)
  rmSync(folder, { recursive: true, force: true })
  return cell.faults
}

/** What is left of a run that failed, as far as it can be told. */
async function takeDown(run: Run): Promise<void> {
  try {
    await run.down()
  } catch {
    // It was not up at all.
  }
}

/** Programs say what matters at the end. */
const lastLine = (text: string) => text.trim().split('\n').at(-1)!.trim()

class Cell {
  readonly faults: Faults = new Map()
  private readonly runners: Runner[] = []
  private wanted: ReadonlyMap<string, Held> | undefined

  constructor(
    private readonly task: Task,
    private readonly figures: Figures,
    private readonly options: CellOptions,
  ) {}

  async add(tool: Tool): Promise<void> {
    const folder = join(this.task.folder, tool.name.replace(/\W/g, '-'))
    mkdirSync(folder, { recursive: true })
    this.runners.push({ tool, run: await tool.begin({ ...this.task, folder }), spent: 0 })
  }

  /** The first in the first round is nstopo, whose network the others are held against; later each has its turn as first. */
  async round(number: number): Promise<void> {
    const { meter, work } = this.task
    this.figures.add(`node ${work.shape} ${work.size}`, meter.run(process.execPath, ['-e', '0']).ms)
    for (const i of this.runners.keys()) {
      const runner = this.runners[(i + number) % this.runners.length]!
      if (this.faults.has(runner.tool.name) || runner.spent > this.options.patience) continue
      await this.turn(runner, number)
    }
  }

  private async turn(runner: Runner, number: number): Promise<void> {
    const { tool, run } = runner
    ensureNetns()
    await quiet()
    if (interrupted()) throw new Error('interrupted')
    try {
      const up = await run.up()
      const fault = number === 0 ? this.compare(run) : undefined
      const down = await run.down()
      runner.spent += up.ms + down.ms
      if (fault === undefined) this.remember(tool, up, down)
      else this.fail(tool, fault)
    } catch (thrown) {
      await takeDown(run)
      this.fail(tool, lastLine((thrown as Error).message))
    }
  }

  private remember({ name }: Tool, up: Sample, down: Sample): void {
    const { work } = this.task
    this.figures.add(keyOf(name, 'up', work), up.ms)
    this.figures.add(keyOf(name, 'down', work), down.ms)
    if (up.kib > 0) this.figures.add(keyOf(name, 'KiB of', work), up.kib)
    this.options.say(`${work.shape} ${work.size}: ${name}: up ${up.ms.toFixed(0)} ms, down ${down.ms.toFixed(0)} ms`)
  }

  /** @throws Error when there is nothing to hold the others against, and when the run is to end */
  private fail({ name }: Tool, fault: string): void {
    if (name === 'nstopo' || interrupted()) throw new Error(`${name}: ${fault}`)
    this.faults.set(name, fault)
    this.options.say(`${this.task.work.shape} ${this.task.work.size}: ${name} is not quoted: ${fault}`)
  }

  private compare({ namespace }: Run): string | undefined {
    const { lab, network } = this.task
    const file = namespace ?? ((node: string) => `/run/netns/${lab}.${node}`)
    const names = sample(
      network.nodes.map(node => node.name),
      this.options.nodesRead,
    )
    const found = new Map(names.map(node => [node, readNode(file(node))]))
    this.wanted ??= found
    for (const [node, held] of this.wanted) {
      const other = difference(held, found.get(node)!)
      if (other !== undefined) return `it made another network: ${node}: ${other}`
    }
    return undefined
  }
}
