/** Figures in; each goal with its limit as this run gives it, and whether it was reached, out. All are whole commands. */

/** Before keys of figures that come from the tables (cells.ts); the others come from the goals' own rounds (course.ts). */
export const cell = 'cell: '

/** The figure of a key, or undefined where it was not measured. */
export type Look = (key: string) => number | undefined

export interface Goal {
  readonly what: string
  /** The limit in words. */
  readonly rule: string
  readonly unit: 'ms' | 'KiB' | '×'
  /** With `×`: reached where the figure is at least the limit. */
  readonly limit: (f: Known) => number
  readonly figure: (f: Known) => number
  /** What stands in the way, and what was tried: told where it is missed. */
  readonly tried?: string
}

type Known = (key: string) => number

export interface Judged {
  readonly goal: Goal
  readonly limit: number
  readonly figure: number
  /** Below 1 is better than asked for. */
  readonly ratio: number
}

/** Of what was measured; goals without a figure are left out. */
export function judge(look: Look, among: readonly Goal[] = goals): readonly Judged[] {
  return among.flatMap(goal => {
    try {
      const [limit, figure] = [goal.limit(known(look)), goal.figure(known(look))]
      return [{ goal, limit, figure, ratio: goal.unit === '×' ? limit / figure : figure / limit }]
    } catch (thrown) {
      if (thrown instanceof NotMeasured) return []
      throw thrown
    }
  })
}

class NotMeasured extends Error {}

function known(look: Look): Known {
  return key => {
    const value = look(key)
    if (value === undefined) throw new NotMeasured(key)
    return value
  }
}

/** Milliseconds a node beyond the program's start. */
const perNode = (f: Known, size: number) => (f(`${cell}nstopo up chain ${size}`) - f('start')) / size

const overTheFloor = (shape: string, floor: string, times: number): Goal => ({
  what: `up, ${shape} 1000`,
  rule: `${times} × ${floor === 'floor' ? 'the floor' : 'the prepared bytes'} + 1.6 × \`node -e 0\``,
  unit: 'ms',
  limit: f => times * f(`${floor} up ${shape} 1000`) + 1.6 * f('node'),
  figure: f => f(`nstopo up ${shape} 1000`),
})

const against = (tool: string, times: number): Goal => ({
  what: `up, chain 1000, against ${tool}`,
  rule: `${times} × faster`,
  unit: '×',
  limit: () => times,
  figure: f => f(`${cell}${tool} up chain 1000`) / f(`${cell}nstopo up chain 1000`),
})

const simple = (what: string, rule: string, figure: string, limit: Goal['limit']): Goal => {
  return { what, rule, unit: 'ms', limit, figure: f => f(figure) }
}

const unchanged = (f: Known) => 0.7 * f('floor up chain 1000') + f('start')

export const goals: readonly Goal[] = [
  overTheFloor('chain', 'floor', 1.2),
  overTheFloor('star', 'floor', 1.3),
  overTheFloor('leaf-spine', 'prepared bytes', 1.5),
  {
    what: 'up, chain 10 000, each node beyond the start',
    rule: '1.3 × that of chain 100',
    unit: 'ms',
    limit: f => 1.3 * perNode(f, 100),
    figure: f => perNode(f, 10_000),
  },
  {
    what: 'memory of up, each node between 100 and 10 000',
    rule: '20 KiB',
    unit: 'KiB',
    limit: () => 20,
    figure: f => (f(`${cell}nstopo KiB of chain 10000`) - f(`${cell}nstopo KiB of chain 100`)) / 9_900,
  },
  simple('up, 3 nodes', '2 × `node -e 0`', 'nstopo up three 3', f => 2 * f('node')),
  {
    ...simple('up, 3 nodes, against a script of `ip`', 'the script', 'nstopo up three 3', f =>
      f('ip script up three 3'),
    ),
    tried:
      'the script has ended before Node.js has started: `node -e 0` alone takes longer. Of what is ours, the profile of ' +
      '`up` below says that most is loading: the program, and koffi. Tried and kept: one file for the whole program, what V8 ' +
      'compiled of it kept for the next start, parts of oclif and modules of Node.js that are not needed left out. Tried and ' +
      'left: the package `yaml` in a file of its own, V8’s baseline compiler from the start, which gain a millisecond or two. ' +
      'At ten nodes it is the script that is behind.',
  },
  {
    what: 'exec, beyond the command itself',
    rule: '1.5 × `node -e 0`',
    unit: 'ms',
    limit: f => 1.5 * f('node'),
    figure: f => f('exec') - f('true'),
  },
  simple('exec, against `ip netns exec`', '1.25 × that', 'exec', f => 1.25 * f('ip netns exec')),
  simple('down, chain 1000', '2 × `node -e 0` + 10 µs a node', 'down', f => 2 * f('node') + 10),
  simple('diff of an unchanged lab, chain 1000', '0.7 × the floor’s up + the start', 'diff', unchanged),
  simple('up that changes nothing, chain 1000', '0.7 × the floor’s up + the start', 'unchanged', unchanged),
  simple('up that adds one node to 1000', 'the unchanged up + 20 ms', 'one more', f => f('unchanged') + 20),
  simple('validate, chain 1000', 'the start + 150 ms', 'validate', f => f('start') + 150),
  {
    what: 'computing the routes of 754 nodes and 899 links',
    rule: '1 s; `validate` with them less `validate` without',
    unit: 'ms',
    limit: () => 1000,
    figure: f => f('graph with routes') - f('graph without routes'),
  },
  {
    what: 'up, 300 hosts with mounts, processes and a program of their own',
    rule: '12 s',
    unit: 'ms',
    limit: () => 12_000,
    figure: f => f(`${cell}nstopo up hosts 300`),
  },
  against('ip -batch', 4),
  against('ip script', 25),
  {
    ...against('pyroute2', 15),
    tried:
      'the kernel’s own work stands in the way: the floor, which does nothing else, is not that much faster either (its row ' +
      'of chain 1000 says by how much). nstopo has a second thread make the namespaces, and is nearer to the floor than the ' +
      'goal for that asks.',
  },
  against('Mininet', 15),
]
