/** Flags of mocha's in; the tests run, those that need no machine of their own beside the others, and an exit status out. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** These have the kernel in memory, or none: long, and in nobody's way. */
const inMemory = [
  'test/faults.spec.ts',
  'test/hosts-model.spec.ts',
  'test/cases.spec.ts',
  'test/{fuzz,passes}/**/*.spec.ts',
]

const flags = process.argv.slice(2)
const mocha = (stdout: 'inherit' | 'pipe', ...words: readonly string[]) =>
  spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...words, ...flags], {
    stdio: ['inherit', stdout, 'inherit'],
  })

const beside = mocha('pipe', ...inMemory)
const said: Buffer[] = []
beside.stdout!.on('data', (part: Buffer) => said.push(part))
const ends = [beside, mocha('inherit', 'test/**/*.spec.ts', ...inMemory.flatMap(one => ['--ignore', one]))].map(
  async child => (await once(child, 'close'))[0] as number | null,
)
const statuses = await Promise.all(ends)
process.stdout.write(`== in memory\n${Buffer.concat(said)}`)
// A mocha whose specs are all left out by flags has none to run, and says so.
process.exitCode = Math.max(...statuses.map(status => status ?? 1))
