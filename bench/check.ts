/**
 * `npm run bench:check`: whether nstopo has lost a factor. Some rounds of what the goals speak of, the floor and nstopo in
 * turn; fails where it takes more than one and a half times what a goal allows. Both by the best of all rounds, as a busy
 * machine only ever adds to a time; where a goal seems lost there are more rounds, for as long as there is time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { course } from './course.js'
import { Figures } from './figures.js'
import { judge } from './goals.js'
import { tidyNetns } from './machine.js'
import { meter } from './measure.js'
import { goalTable } from './table.js'
import { nstopo } from './tools/nstopo.js'

const fewest = 2
const milliseconds = 60_000
const allowance = 1.5
const folder = mkdtempSync(join(tmpdir(), 'nstopo-bench-'))
const figures = new Figures()
const judgement = () => judge(key => figures.least(key))
const lost = () => judgement().filter(({ ratio }) => ratio > allowance)

try {
  const started = performance.now()
  const legs = await course({ folder, meter: meter(folder) }, nstopo)
  for (let round = 0; round < fewest || (lost().length > 0 && performance.now() - started < milliseconds); round++)
    for (const leg of legs) await leg(figures)
} finally {
  rmSync(folder, { recursive: true, force: true })
  tidyNetns()
}

console.log(goalTable(judgement()))
for (const { goal, ratio } of lost())
  console.error(
    `too slow: ${goal.what} takes ${ratio.toFixed(2)} times its goal (${goal.rule}), more than ${allowance}`,
  )
process.exitCode = lost().length === 0 ? 0 : 1
