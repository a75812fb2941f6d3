/** Measures nstopo and the floor in turn, and prints medians with their spread: `npm run bench [-- --quick]`. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chain } from './workloads.js'

const size = 1000
const rounds = process.argv.includes('--quick') ? 3 : 9
const floorSource = '../shared/bench/floor.c'
const program = join(import.meta.dirname, '../dist/nstopo.js')
const folder = mkdtempSync(join(tmpdir(), 'nstopo-bench-'))
const lab = `bench${process.pid}`

/** Milliseconds that a whole command takes; one that fails ends the run. */
function time(command: string, ...words: string[]): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(command, words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`)
  return performance.now() - started
}

/** Namespaces of the run before are freed by a kernel worker, which holds locks that the next one needs. */
async function quiet(): Promise<void> {
  for (let calm = 0; calm < 5; calm++) {
    await new Promise(resolve => setTimeout(resolve, 50))
    if (readdirSync('/proc').some(pid => /^\d+$/.test(pid) && commandOf(pid).includes('+netns'))) calm = -1
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8')
  } catch {
    return ''
  }
}

function buildFloor(): string | undefined {
  if (!existsSync(floorSource)) return undefined
  execFileSync('cc', ['-O2', '-pthread', '-o', join(folder, 'floor'), floorSource])
  return join(folder, 'floor')
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

function row(name: string, values: readonly number[], goal?: number): void {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const judged = goal === undefined ? '' : `${goal.toFixed(0)} ms (${median(values) <= goal ? 'reached' : 'missed'})`
  console.log(`| ${name} | ${median(values).toFixed(0)} ms | ${least.toFixed(0)}–${most.toFixed(0)} | ${judged} |`)
}

const file = join(folder, 'chain.yaml')
writeFileSync(file, chain(size))
const floor = buildFloor()
const nstopo = (...words: string[]) => time(process.execPath, program, ...words)
const figures = { node: [], version: [], validate: [], floor: [], up: [], unchanged: [], diff: [], down: [] } as Record<
  string,
  number[]
>

try {
  for (let round = 0; round < rounds; round++) {
    figures.node!.push(time(process.execPath, '-e', '0'))
    figures.version!.push(nstopo('--version'))
    figures.validate!.push(nstopo('validate', file))
    if (floor) {
      await quiet()
      figures.floor!.push(time(floor, 'up', 'chain', `${size}`))
      time(floor, 'down', 'chain', `${size}`, 'wait=1')
    }
    await quiet()
    figures.up!.push(nstopo('up', '--name', lab, file))
    figures.unchanged!.push(nstopo('up', '--name', lab, file))
    figures.diff!.push(nstopo('diff', lab))
    figures.down!.push(nstopo('down', lab))
  }
} finally {
  nstopo('down', lab)
  rmSync(folder, { recursive: true, force: true })
}

console.log(
  `${cpus().length} processors, Linux ${release()}, Node ${process.version}, ${rounds} rounds in turn, whole commands\n`,
)
console.log('| what | median | spread | goal |\n|---|---|---|---|')
row('node -e 0', figures.node!)
row('nstopo --version', figures.version!, 150)
row(`nstopo validate, chain ${size}`, figures.validate!, 400)
if (floor) row(`the floor in C: up, chain ${size}`, figures.floor!)
else console.log(`| the floor in C | left out: no ${floorSource} | | |`)
row(`nstopo up, chain ${size}`, figures.up!, floor === undefined ? undefined : 1.5 * median(figures.floor!) + 150)
row('nstopo up, unchanged', figures.unchanged!)
row('nstopo diff, unchanged', figures.diff!)
row(`nstopo down, chain ${size}`, figures.down!, 250)
