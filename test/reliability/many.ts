/**
 * Many labs go up, change and go down at the same time, and several runs want one lab: each lab has what it has alone, and
 * the machine is as before. `npm run reliability:many -- [--labs N] [--steps N] [--seed N] [--save]`; status 1 when anything is wrong.
 */
import { parseArgs } from 'node:util'
import { enterPrivateMachine } from '../support/private-machine.js'
import { difference, snapshot } from './machine.js'
import { type Chains, chains } from './many/chains.js'
import { canWait, rivals, waits } from './many/rivals.js'
import { save } from './results.js'
import { warmUp } from './scene.js'
import { furnish } from './surroundings.js'

export interface Many extends Chains {
  readonly labs: number
  /** Runs that wanted one lab at the same time. */
  readonly rivals: number
  /** Whether `--lock-timeout` was tried. */
  readonly waited: boolean
}

async function many(labs: number, steps: number, seed: number): Promise<Many> {
  const { namespaces } = furnish('crowded', 'many')
  warmUp()
  const waited = canWait()
  const before = snapshot(namespaces)
  const found = await chains(labs, steps, seed)
  const others = [...(await rivals(8)), ...(waited ? await waits() : [])]
  const left = difference(before, snapshot(namespaces))
  return { ...found, labs, rivals: 8, waited, wrong: [...found.wrong, ...others, ...left] }
}

enterPrivateMachine()
const option = (text: string) => ({ type: 'string', default: text }) as const
const options = { labs: option('32'), steps: option('9'), seed: option('1'), save: { type: 'boolean' } } as const
const { values } = parseArgs({ options })
const found = await many(Number(values.labs), Number(values.steps), Number(values.seed))
if (values.save) save('many', found)
const { runs, atOnce, steps, wrong } = found
console.log([`${runs} runs, ${atOnce} at once: ${JSON.stringify(steps)}`, ...wrong].join('\n'))
process.exit(wrong.length === 0 ? 0 : 1)
