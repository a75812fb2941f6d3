/**
 * `npm run bench [-- --quick] [-- --write]`: all tools on all networks in turn, and the goals. A full run, and a quick one
 * with `--write`, writes docs/benchmarks.md and docs/benchmarks.svg.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCell } from './cells.js'
import { course, rest } from './course.js'
import { effort } from './effort.js'
import { Figures } from './figures.js'
import { cell, judge } from './goals.js'
import { tidyNetns } from './machine.js'
import { meter } from './measure.js'
import { picture } from './picture.js'
import { page } from './report.js'
import type { Cell } from './table.js'
import type { Tool } from './tools/contract.js'
import { nstopo } from './tools/nstopo.js'
import { tools, unavailable } from './tools.js'
import { type Shape, type Work, work } from './workloads.js'

const quick = process.argv.includes('--quick')
const seconds = 1000
/** Slow ones. */
const inQuick: Readonly<Record<string, number>> = { munet: 3, Mininet: 10 }

const plan: readonly (readonly [Shape, readonly number[]])[] = quick
  ? [
      ['three', [3]],
      ['chain', [10, 100]],
      ['leaf-spine', [10]],
    ]
  : [
      ['three', [3]],
      ['backbone', [28]],
      ['chain', [10, 100, 1000, 10_000]],
      ['star', [10, 100, 1000]],
      ['leaf-spine', [10, 100, 1000]],
    ]

function roundsFor(size: number): number {
  return quick ? 2 : size <= 100 ? 11 : size <= 1000 ? 7 : 3
}

/** Beyond a thousand nodes there is only nstopo and the floor. */
function fits(tool: Tool, { shape, size }: Work): boolean {
  const most = Math.min(tool.most?.nodes ?? 1000, quick ? (inQuick[tool.name] ?? 1000) : 1000)
  const large = size > 1000 && (tool.name === 'nstopo' || tool.name === 'floor')
  return (size <= most || large) && (tool.shapes?.includes(shape) ?? true)
}

const say = (line: string) => process.stderr.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'nstopo-bench-'))
/** Of the tables, and of the goals' own rounds. */
const [figures, own] = [new Figures(), new Figures()]

try {
  const bench = { folder, meter: meter(folder), figures }
  const present = tools.filter(tool => 'is' in tool.version())
  const absent = tools.flatMap(tool => {
    const version = tool.version()
    return 'absent' in version ? [{ name: tool.name, why: version.absent }] : []
  })
  for (const { name, why } of [...absent, ...unavailable]) say(`${name} is left out: ${why}`)
  const legs = [...(await course(bench, nstopo)), ...(await rest(bench, nstopo))]
  for (let round = 0; round < (quick ? 2 : 9); round++) {
    say(`goals, round ${round + 1}`)
    for (const leg of legs) await leg(own)
  }
  const cells: Cell[] = []
  for (const [shape, sizes] of plan)
    for (const size of sizes) {
      const job = work(shape, size)
      const mine = present.filter(tool => fits(tool, job))
      const options = {
        rounds: roundsFor(size),
        patience: (quick ? 2 : 60) * seconds,
        nodesRead: quick ? 10 : size <= 100 ? 100 : 24,
        say,
      }
      cells.push({ work: job, faults: await runCell(job, mine, bench, options) })
    }
  const judged = judge(key => (key.startsWith(cell) ? figures.median(key.slice(cell.length)) : own.median(key)))
  const found = { quick, tools: present, absent, cells, figures, own, judged, effort: await effort(bench) }
  const text = page(found)
  console.log(text)
  if (!quick || process.argv.includes('--write')) {
    writeFileSync(join(import.meta.dirname, '../docs/benchmarks.md'), text)
    writeFileSync(join(import.meta.dirname, '../docs/benchmarks.svg'), picture(found))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
  tidyNetns()
}
