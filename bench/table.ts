/** Figures in, Markdown tables out; ratios in the last columns. */
import { type Faults, keyOf } from './cells.js'
import { duration, type Figures, median, spread } from './figures.js'
import type { Judged } from './goals.js'
import type { Tool } from './tools/contract.js'
import type { Work } from './workloads.js'

export interface Cell {
  readonly work: Work
  readonly faults: Faults
}

/** The first `left` columns hold words, the others numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i < left ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

/** One shape, all its sizes: a row a tool and size. */
export function shapeTable(cells: readonly Cell[], tools: readonly Tool[], figures: Figures): string {
  const head = ['nodes', 'tool', 'up', 'spread', 'down', 'runs', '× floor', '× nstopo']
  return table(
    head,
    cells.flatMap(cell => tools.flatMap(tool => cellRow(cell, tool, figures))),
    2,
  )
}

function cellRow({ work, faults }: Cell, { name, most }: Tool, figures: Figures): readonly (readonly string[])[] {
  const size = `${work.size}`
  const fault = faults.get(name)
  if (fault !== undefined) return [[size, name, 'not quoted', oneCell(fault), '', '', '', '']]
  const ups = figures.of(keyOf(name, 'up', work))
  if (ups.length === 0) return most && work.size > most.nodes ? [[size, name, '–', most.why, '', '', '', '']] : []
  const down = figures.median(keyOf(name, 'down', work))!
  const over = (tool: string) => ratio(median(ups), figures.median(keyOf(tool, 'up', work)))
  const floor = figures.of(keyOf('floor', 'up', work)).length > 0 ? 'floor' : 'prepared bytes'
  return [
    [size, name, duration(median(ups)), spread(ups), duration(down), `${ups.length}`, over(floor), over('nstopo')],
  ]
}

const oneCell = (text: string) => text.replaceAll('|', '/').replaceAll('\n', ' ').slice(0, 160)

function ratio(value: number, of: number | undefined): string {
  return of === undefined ? '' : (value / of).toPrecision(value / of >= 1 ? 3 : 2)
}

/** Some figures by their keys, with what they are; those that were not measured are left out. */
export function figureTable(rows: readonly (readonly [what: string, key: string])[], figures: Figures): string {
  const found = rows.filter(([, key]) => figures.of(key).length > 0)
  const row = ([what, key]: readonly [string, string]) => {
    const values = figures.of(key)
    return [what, duration(median(values)), spread(values), `${values.length}`, ...startRatios(median(values), figures)]
  }
  return table(['what', 'median', 'spread', 'runs', '× `node -e 0`', '× floor, chain 1000'], found.map(row))
}

function startRatios(value: number, figures: Figures): readonly string[] {
  return [ratio(value, figures.median('node')), ratio(value, figures.median('floor up chain 1000'))]
}

export function goalTable(judged: readonly Judged[]): string {
  return table(
    ['goal', 'limit', 'in this run', 'measured', 'of the limit', ''],
    judged.map(({ goal, limit, figure, ratio }) => [
      ...[goal.what, goal.rule, quantity(limit, goal.unit), quantity(figure, goal.unit)],
      ...[`${(ratio * 100).toFixed(0)} %`, ratio <= 1 ? 'reached' : '**missed**'],
    ]),
    2,
  )
}

/** For each goal that was missed, why. */
export function missedText(judged: readonly Judged[]): string {
  const missed = judged.filter(({ ratio }) => ratio > 1)
  return missed.map(({ goal }) => `\n- Missed: ${goal.what}${goal.tried ? `: ${goal.tried}` : '.'}`).join('')
}

function quantity(value: number, unit: 'ms' | 'KiB' | '×'): string {
  return unit === 'ms' ? duration(value) : unit === 'KiB' ? `${value.toFixed(1)} KiB` : `${value.toFixed(1)} ×`
}
