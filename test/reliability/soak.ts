/**
 * A lab goes up and down many times; what the kernel and the process hold must come back to where it was.
 * `npm run reliability:soak -- [--cycles N] [--save]`; status 1 when something has grown.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { enterPrivateMachine } from '../support/private-machine.js'
import { columns } from './columns.js'
import { difference, snapshot } from './machine.js'
import { save } from './results.js'
import { cycles } from './soak/cycles.js'
import { growth } from './soak/growth.js'
import { type Measured, measure } from './soak/measure.js'

export interface Soaked {
  readonly cycles: number
  /** Of them, how many were runs of the program. */
  readonly programs: number
  readonly before: Measured
  readonly after: Measured
  /** What has grown, and what the machine has more or less. */
  readonly wrong: readonly string[]
}

/** What a process and a kernel keep ready from the first times on is there before anything is measured. */
const warm = 30

const looks = 10

/** A leak grows in every row of cycles, what others on the machine begin to hold meanwhile does not: so many rows may show it. */
const rows = 3

async function soak(count: number): Promise<Soaked> {
  await cycles(warm)
  const machine = snapshot()
  let before = await measure()
  for (let left = rows - 1; ; left--) {
    const programs = await cycles(count)
    const after = await measuredAfter(before, count)
    const grown = growth(before, after, count)
    const wrong = [...grown, ...difference(machine, snapshot())]
    if (grown.length === 0 || left === 0) return { cycles: count, programs, before, after, wrong }
    before = after
  }
}

/** What others on the machine hold just now goes again, a leak stays. */
async function measuredAfter(before: Measured, count: number): Promise<Measured> {
  for (let left = looks; ; left--) {
    const after = await measure()
    if (left === 0 || growth(before, after, count).length === 0) return after
  }
}

function text({ before, after, wrong }: Soaked): string {
  const rows = Object.keys(before).map(name => [name, String(before[name]), String(after[name])])
  return [columns([['what', 'before', 'after'], ...rows]), ...wrong].join('\n')
}

enterPrivateMachine()
// What V8 compiles better and better is no leak, but would hide one.
for (const flag of ['--no-opt', '--no-sparkplug']) setFlagsFromString(flag)
const { values } = parseArgs({ options: { cycles: { type: 'string', default: '1000' }, save: { type: 'boolean' } } })
const soaked = await soak(Number(values.cycles))
if (values.save) save('soak', soaked)
console.log(text(soaked))
process.exit(soaked.wrong.length === 0 ? 0 : 1)
