/**
 * A million inputs for each target of test/fuzz, two programs at a time; half an hour. `npm run reliability:fuzz --
 * [--inputs N] [--save]`; status 1 when any input does what none may do, which is shown with what makes it again.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { save } from './results.js'

export interface Fuzzed {
  readonly targets: readonly { readonly what: string; readonly inputs: number }[]
  /** How many programs have found something. */
  readonly failed: number
}

/** Those of one item run one after the other. */
const programs = [['topology', 'record'], ['netlink']]

async function fuzzed(inputs: number): Promise<Fuzzed> {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-fuzz-'))
  const log = join(folder, 'log')
  const statuses = await Promise.all(programs.map(names => run(names, { FUZZ: `${inputs}`, FUZZ_LOG: log })))
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  rmSync(folder, { recursive: true })
  return { targets: lines.map(line => JSON.parse(line)), failed: statuses.filter(status => status !== 0).length }
}

async function run(names: readonly string[], more: Readonly<Record<string, string>>): Promise<number> {
  const specs = names.map(name => `test/fuzz/${name}.spec.ts`)
  const mocha = spawn('npx', ['mocha', '--timeout', '0', ...specs], {
    stdio: 'inherit',
    env: { ...process.env, ...more },
  })
  const [status] = await once(mocha, 'exit')
  return status ?? 1
}

const options = { inputs: { type: 'string', default: '1000000' }, save: { type: 'boolean' } } as const
const { values } = parseArgs({ options })
const found = await fuzzed(Number(values.inputs))
if (values.save) save('fuzz', found)
process.exit(found.failed === 0 ? 0 : 1)
