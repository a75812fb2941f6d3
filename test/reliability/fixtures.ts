/**
 * Labs as fixtures of tests, many times over: runs of one file side by side, as root and not, and workers of one mocha with a
 * lab each. `npm run reliability:fixtures -- [--times N] [--runs N]`; status 1 when anything is wrong.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { asUser, nothingLeft, type Surroundings, threeNodes } from '../rootless/user.js'
import { machine } from '../support/machine.js'
import { enterPrivateMachine } from '../support/private-machine.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What is wrong with so many runs of one file at once: each sees its own lab alone, and reaches its neighbour. */
function runs(count: number, who: Surroundings): readonly string[] {
  const each = `test "$(nstopo ls -q)" = "$NSTOPO_LAB" && nstopo exec a -- ping -qc1 -W9 "$NSTOPO_ADDR_B_ETH0" > log && echo "$NSTOPO_LAB" || cat log`
  const script = `${nothingLeft}${threeNodes}
    for i in $(seq ${count}); do nstopo run --unique lab.yaml -- sh -c 'mkdir $NSTOPO_LAB && cd $NSTOPO_LAB; ${each}' & done
    wait; nothing_left`
  const { status, stdout, stderr } = asUser(script, who)
  const lines = stdout.trim().split('\n')
  const done = new Set(lines.filter(line => /^three-[0-9a-f]{8}$/.test(line)))
  return status === 0 && done.size === count && lines.length === count ? [] : [`status ${status}`, stdout, stderr]
}

/** What is wrong with a mocha of four workers, each of which has a lab, and that leaves nothing. */
function workers(folder: string): readonly string[] {
  const before = machine()
  const loaded = ['--no-config', '--require', join(root, 'dist/fixture/mocha.js'), '--timeout', '120000']
  const mocha = [
    join(root, 'node_modules/mocha/bin/mocha.js'),
    ...loaded,
    '--parallel',
    '--jobs',
    '4',
    'test/*.test.js',
  ]
  const { NODE_OPTIONS: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, mocha, { cwd: folder, env, encoding: 'utf8' })
  const isWhole = status === 0 && / 13 passing/.test(stdout)
  const left = JSON.stringify(machine()) === JSON.stringify(before) ? [] : [`left: ${JSON.stringify(machine())}`]
  return [...(isWhole ? [] : [`status ${status}`, stdout, stderr]), ...left]
}

/** The example’s project, with a test file for each worker. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-workers-'))
  cpSync(join(root, 'examples/mocha'), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/nstopo'))
  for (const copy of ['b', 'c', 'd'])
    copyFileSync(join(folder, 'test/router.test.js'), join(folder, `test/${copy}.test.js`))
  return folder
}

enterPrivateMachine()
const option = (text: string) => ({ type: 'string', default: text }) as const
const { values } = parseArgs({ options: { times: option('20'), runs: option('16') } })
const [times, count] = [Number(values.times), Number(values.runs)]
const folder = project()
const tried = {
  [`${count} runs of one file, as root`]: () => runs(count, { root: true }),
  [`${count} runs of one file, not as root`]: () => runs(count, {}),
  'mocha of 4 workers': () => workers(folder),
}
let failures = 0
try {
  for (const [what, once] of Object.entries(tried)) {
    const wrong = Array.from({ length: times }, once).filter(words => words.length > 0)
    failures += wrong.length
    console.log([`${what}: ${times} times, ${wrong.length} failures`, ...wrong.flat()].join('\n'))
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exit(failures === 0 ? 0 : 1)
