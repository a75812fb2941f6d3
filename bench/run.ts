/**
 * `npm run bench -- [--quick] [--write] [--rounds N] [--only SHAPE]`: all tools on all networks in turn, and the goals. A full run, and a
 * quick one with `--write`, writes docs/benchmarks.md and docs/benchmarks.svg; with `--rounds` all are done so often at most, with
 * `--only` one shape's table is printed and nothing written.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCell } from './cells.js'
import { type Bench, course, rest } from './course.js'
import { effort } from './effort.js'
import { Figures } from './figures.js'
import { cell, judge } from './goals.js'
import { tidyNetns } from './machine.js'
import { meter } from './measure.js'
import { picture } from './picture.js'
import * as plans from './plan.js'
import { profiles } from './profiles.js'
import { type Findings, page } from './report.js'
import { type Cell, shapeTable } from './table.js'
import type { Tool } from './tools/contract.js'
import { nstopo } from './tools/nstopo.js'
import { tools, unavailable } from './tools.js'
import { work } from './workloads.js'

const said = parseArgs({
  options: {
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
    rounds: { type: 'string' },
    only: { type: 'string' },
  },
}).values
const quick = said.quick === true
const chosen = plans.atMost(quick ? plans.quick : plans.full, Number(said.rounds ?? Number.POSITIVE_INFINITY))
const plan = said.only === undefined ? chosen : plans.only(chosen, said.only)
const folder = mkdtempSync(join(tmpdir(), 'nstopo-bench-'))
/** Of the tables, and of the goals' own rounds. */
const [figures, own] = [new Figures(), new Figures()]
const cells: Cell[] = []

const say = (line: string) => process.stderr.write(`${line}\n`)

// Who ignores it, as under nohup, hands that on to every program; munet ends its shells by it, and waits.
process.on('SIGHUP', () => process.exit(129))

try {
  const bench = { folder, meter: meter(folder) }
  const [present, absent] = found()
  for (const { name, why } of [...absent, ...unavailable]) say(`${name} is left out: ${why}`)
  const whole = said.only === undefined
  if (whole) await runGoals(bench)
  await runCells(bench, present)
  if (whole) await publishAll(bench, present, absent)
  else console.log(shapeTable(cells, present, figures))
} finally {
  rmSync(folder, { recursive: true, force: true })
  tidyNetns()
}

function found(): readonly [readonly Tool[], Findings['absent']] {
  const versions = tools.map(tool => [tool, tool.version()] as const)
  const absent = versions.flatMap(([{ name }, version]) => ('absent' in version ? [{ name, why: version.absent }] : []))
  return [versions.flatMap(([tool, version]) => ('is' in version ? [tool] : [])), absent]
}

async function runGoals(bench: Bench): Promise<void> {
  const legs = [...(await course(bench, nstopo)), ...(await rest(bench, nstopo))]
  for (let round = 1; round <= plan.rounds; round++) {
    say(`goals, round ${round} of ${plan.rounds}`)
    for (const leg of legs) await leg(own)
  }
}

async function runCells(bench: Bench, present: readonly Tool[]): Promise<void> {
  for (const [shape, sizes] of plan.networks)
    for (const size of sizes) {
      const job = work(shape, size)
      const mine = present.filter(tool => plan.fits(tool, job))
      const options = { ...plan.options(size), say }
      cells.push({ work: job, faults: await runCell(job, mine, { ...bench, figures }, options) })
    }
}

async function publishAll(bench: Bench, present: readonly Tool[], absent: Findings['absent']): Promise<void> {
  const judged = judge(key => (key.startsWith(cell) ? figures.median(key.slice(cell.length)) : own.median(key)))
  const more = { effort: await effort(bench), profiles: await profiles(folder) }
  publish({ quick, tools: present, absent, cells, figures, own, judged, ...more })
}

function publish(findings: Findings): void {
  const text = page(findings)
  console.log(text)
  if (quick && !said.write) return
  const docs = join(import.meta.dirname, '../docs')
  writeFileSync(join(docs, 'benchmarks.md'), text)
  writeFileSync(join(docs, 'benchmarks.svg'), picture(findings))
}
