/** Which networks a run has, how often each tool builds them, and which tools are too slow for which. */
import type { CellOptions } from './cells.js'
import type { Tool } from './tools/contract.js'
import type { Shape, Work } from './workloads.js'

export interface Plan {
  readonly networks: readonly (readonly [Shape, readonly number[]])[]
  /** Of what the goals speak of. */
  readonly rounds: number
  options(size: number): Omit<CellOptions, 'say'>
  fits(tool: Tool, work: Work): boolean
}

/** Some half an hour. */
export const full: Plan = {
  networks: [
    ['three', [3]],
    ['backbone', [28]],
    ['chain', [10, 100, 1000, 10_000]],
    ['star', [10, 100, 1000]],
    ['leaf-spine', [10, 100, 1000]],
    ['hosts', [10, 100, 300]],
  ],
  rounds: 7,
  options: size => ({
    rounds: size <= 100 ? 9 : size <= 1000 ? 5 : 3,
    patience: 40_000,
    nodesRead: size <= 100 ? 101 : 24,
  }),
  fits: (tool, work) => builds(tool, work) && work.size <= (large(tool) ?? tool.most?.nodes ?? 1000),
}

/** All networks and tools of a plan, in less time: no tool builds any of them more often than so. */
export function atMost(plan: Plan, rounds: number): Plan {
  const fewer = (some: number) => Math.min(some, rounds)
  const options = (size: number) => ({ ...plan.options(size), rounds: fewer(plan.options(size).rounds) })
  return { ...plan, rounds: fewer(plan.rounds), options }
}

/** One shape of a plan, at all its sizes. */
export function only(plan: Plan, shape: string): Plan {
  const networks = plan.networks.filter(([each]) => each === shape)
  if (networks.length === 0) throw new Error(`no such shape: ${shape}`)
  return { ...plan, networks }
}

/** Under two minutes. */
export const quick: Plan = {
  networks: [
    ['three', [3]],
    ['chain', [10, 100]],
    ['leaf-spine', [10]],
  ],
  rounds: 2,
  options: () => ({ rounds: 2, patience: 2000, nodesRead: 10 }),
  fits: (tool, work) => builds(tool, work) && work.size <= (slow[tool.name] ?? 1000),
}

const slow: Readonly<Record<string, number>> = { munet: 3, Mininet: 10 }

const builds = ({ shapes, hosts }: Tool, { shape }: Work) =>
  shape === 'hosts' ? hosts === true : (shapes?.includes(shape) ?? true)

/** Beyond a thousand nodes there is only nstopo and the floor. */
const large = ({ name }: Tool) => (name === 'nstopo' || name === 'floor' ? Number.POSITIVE_INFINITY : undefined)
