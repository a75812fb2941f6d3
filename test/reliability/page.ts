/** What the drivers found, from their files → the figures of docs/reliability.md, between its two marks. */
import { readFileSync, writeFileSync } from 'node:fs'
import { markdownTable } from '../../scripts/docs/markdown.js'
import type { Fuzzed } from './fuzz.js'
import type { Summary } from './kill/table.js'
import type { Many } from './many.js'
import { type Run, saved } from './results.js'
import type { Soaked } from './soak.js'

const path = new URL('../../docs/reliability.md', import.meta.url)
const marks = /(?<=<!-- figures -->\n)[\s\S]*(?=<!-- end of figures -->)/

/** The page as it should be. */
export function page(): string {
  return read().replace(marks, () => `\n${figures()}\n`)
}

export const read = () => readFileSync(path, 'utf8')
export const write = () => writeFileSync(path, page())

function figures(): string {
  const parts = [
    killed(saved<Summary>('kill')),
    soaked(saved<Soaked>('soak')),
    together(saved<Many>('many')),
    tried(saved<Fuzzed>('fuzz')),
  ]
  return `${parts.join('\n\n')}\n`
}

function killed({ found, ...where }: Run<Summary>): string {
  const { rounds, places, rows, calls } = found
  const cells = rows.map(row => [row.phase, row.remedy, row.rounds, row.places, row.leaks, row.foreign, row.wrong])
  const most = Object.entries(calls).sort(([, a], [, b]) => b - a)
  return `### Killed at any instant

${whereText(where)}. ${rounds} kills at ${places} different places: ${most.map(([call, count]) => `${call} ${count}`).join(', ')}.

${markdownTable(['killed', 'then', 'kills', 'places', 'leaks', 'foreign changes', 'not as a fresh lab'], strings(cells))}`
}

function soaked({ found, ...where }: Run<Soaked>): string {
  const { cycles, programs, before, after, wrong } = found
  const cells = Object.keys(before).map(name => [name, before[name], after[name]])
  return `### Up and down ${cycles} times

${whereText(where)}. ${cycles} cycles of \`up\`, a change and \`down\`, ${programs} of them by the program; ${wrong.length} things have grown.

${markdownTable(['held', 'before', 'after'], strings(cells))}`
}

function together({ found, ...where }: Run<Many>): string {
  const { labs, runs, atOnce, steps, rivals, waited, wrong } = found
  const waiting = waited ? ', and one waited with `--lock-timeout`' : ''
  return `### Many at once

${whereText(where)}. ${labs} labs, ${runs} runs, ${atOnce} at the same time: ${steps.first} times the first text, ${steps.later} times the later one,
${steps.down} times \`down\`; ${rivals} runs wanted one lab${waiting}. ${wrong.length} things were wrong.`
}

function tried({ found, ...where }: Run<Fuzzed>): string {
  const cells = found.targets.map(({ what, inputs }) => [what, inputs])
  const failed = found.failed === 0 ? 'None did what no input may do' : `${found.failed} programs found something`
  return `### Any input

${whereText(where)}. ${failed}.

${markdownTable(['what', 'inputs'], strings(cells))}`
}

const whereText = ({ machine, day }: Omit<Run<unknown>, 'found'>) => `${machine}; ${day}`
const strings = (rows: readonly (readonly unknown[])[]) => rows.map(row => row.map(String))
