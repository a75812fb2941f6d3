/** What the goals speak of, as whole commands in a fixed order: a round of it after another gives figures to be compared. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../src/pipeline.js'
import type { Figures } from './figures.js'
import { ensureNetns, interrupted, quiet } from './machine.js'
import type { Meter, Sample } from './measure.js'
import type { Run, Tool } from './tools/contract.js'
import { bytes, floor } from './tools/floor.js'
import { ipScript } from './tools/ip-script.js'
import { program } from './tools/nstopo.js'
import { chain, randomGraph, type Shape, type Work, work } from './workloads.js'

export interface Bench {
  readonly folder: string
  readonly meter: Meter
}

/** Runs what belongs to one network, and adds its figures. */
export type Leg = (figures: Figures) => Promise<void>

const lab = `bench${process.pid}-goal`

const nstopo = ({ meter }: Bench, ...words: string[]): Sample => meter.run(process.execPath, [program, ...words])

/** How long the program takes to start, and what it does without the kernel. */
export function starts(bench: Bench): Leg {
  const file = fileOf(bench, work('chain', 1000))
  return async figures => {
    figures.add('node', bench.meter.run(process.execPath, ['-e', '0']).ms)
    figures.add('start', nstopo(bench, '--version').ms)
    figures.add('validate', nstopo(bench, 'validate', file).ms)
  }
}

/** The same graph with and without computed routes. */
export function graph(bench: Bench): Leg {
  const text = randomGraph(754, 899)
  const [computed, plain] = ['graph.yaml', 'graph-without-routes.yaml'].map(name => join(bench.folder, name))
  writeFileSync(computed!, text)
  writeFileSync(plain!, text.replace('routing: shortest-path', 'routing: none'))
  return async figures => {
    figures.add('graph with routes', nstopo(bench, 'validate', computed!).ms)
    figures.add('graph without routes', nstopo(bench, 'validate', plain!).ms)
  }
}

/** A large lab's whole life: up, looked at, left alone, changed by one node, down. */
export function life(bench: Bench): Leg {
  const job = work('chain', 1000)
  const file = fileOf(bench, job)
  const [text, more] = [job.text, chain(1001)]
  return async figures => {
    const run = (key: string, ...words: string[]) => figures.add(key, nstopo(bench, ...words).ms)
    await ready()
    try {
      run('nstopo up chain 1000', 'up', '--name', lab, file)
      entered(bench, figures)
      run('diff', 'diff', lab)
      run('unchanged', 'up', '--name', lab, file)
      writeFileSync(file, more)
      run('one more', 'up', '--name', lab, file)
    } finally {
      writeFileSync(file, text)
      run('down', 'down', lab)
    }
  }
}

/** A command in a node: as it is typed, as iproute2 has it, and the command itself. */
function entered({ meter }: Bench, figures: Figures): void {
  for (let time = 0; time < 3; time++) {
    figures.add('exec', meter.run(program, ['exec', lab, 'n1', '--', 'true']).ms)
    figures.add('ip netns exec', meter.run('ip', ['netns', 'exec', `${lab}.n1`, 'true']).ms)
    figures.add('true', meter.run('true', []).ms)
  }
}

/** One network built by one tool, and taken down. */
export async function leg(bench: Bench, tool: Tool, shape: Shape, size: number): Promise<Leg> {
  const { run, name } = await begin(bench, tool, work(shape, size))
  return async figures => {
    await ready()
    try {
      figures.add(`${name} up ${shape} ${size}`, (await run.up()).ms)
    } finally {
      await run.down()
    }
  }
}

/** What is held against the floor or against Node, in turn with it; what is short is done more often. */
export async function course(bench: Bench, own: Tool): Promise<readonly Leg[]> {
  if (!existsSync(program)) throw new Error('nstopo is not built: npm run build')
  const start = starts(bench)
  const small = await leg(bench, own, 'three', 3)
  const chains = [await leg(bench, floor, 'chain', 1000), life(bench)]
  const stars = [await leg(bench, floor, 'star', 1000), await leg(bench, own, 'star', 1000)]
  return [start, small, ...chains, start, small, ...stars, start, small]
}

/**
 * What the short check goes without: it takes too long, or, as with the script that ends before some versions of Node have
 * started, is no matter of factors.
 */
export async function rest(bench: Bench, own: Tool): Promise<readonly Leg[]> {
  const script = await leg(bench, ipScript, 'three', 3)
  const small = await leg(bench, own, 'three', 3)
  const fabrics = [await leg(bench, bytes, 'leaf-spine', 1000), await leg(bench, own, 'leaf-spine', 1000)]
  return [script, small, graph(bench), script, ...fabrics, small, script]
}

async function begin({ folder, meter }: Bench, tool: Tool, job: Work): Promise<{ run: Run; name: string }> {
  const { value } = compile({ text: job.text, label: lab, name: lab, variables: {}, environment: {} })
  const own = join(folder, `goal-${tool.name.replace(/\W/g, '-')}-${job.shape}-${job.size}`)
  mkdirSync(own, { recursive: true })
  const run = await tool.begin({ work: job, lab, network: value!.network, folder: own, meter })
  return { run, name: tool.name }
}

function fileOf({ folder }: Bench, { shape, size, text }: Work): string {
  const file = join(folder, `goal-${shape}-${size}.yaml`)
  writeFileSync(file, text)
  return file
}

async function ready(): Promise<void> {
  ensureNetns()
  await quiet()
  if (interrupted()) throw new Error('interrupted')
}
