/** The tables' figures in, docs/benchmarks.svg out. */
import { keyOf } from './cells.js'
import { chart, type Panel } from './chart.js'
import type { Figures } from './figures.js'
import type { Cell } from './table.js'
import type { Tool } from './tools/contract.js'

export interface Measured {
  readonly tools: readonly Tool[]
  readonly cells: readonly Cell[]
  readonly figures: Figures
}

/** Chain, star and leaf–spine side by side. */
export function picture({ cells, tools, figures }: Measured): string {
  const panels: readonly Panel[] = (['chain', 'star', 'leaf-spine'] as const).map(shape => ({
    title: shape,
    lines: tools.flatMap(({ name }) => {
      const own = cells.filter(({ work }) => work.shape === shape)
      const points = own.flatMap(({ work }) => {
        const ms = figures.median(keyOf(name, 'up', work))
        return ms === undefined ? [] : [[work.size, ms] as const]
      })
      return points.length === 0 ? [] : [{ name, points }]
    }),
  }))
  return chart(panels)
}
