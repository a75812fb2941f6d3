/** What nstopo costs besides time, in words and as a table for the page. */
import { keyOf } from './cells.js'
import { duration, type Figures } from './figures.js'
import type { Prepared } from './prepare.js'
import { type Cell, table } from './table.js'
import type { Traced } from './traced.js'

/** What one `up` of the chain of a thousand costs besides time. */
export interface Effort {
  readonly up: Traced | undefined
  /** `node -e 0` */
  readonly bare: Traced | undefined
  readonly prepared: Prepared
  /** Of the graph of 754 nodes: as installed, and one for each prefix that a node is not on itself. */
  readonly routes: { readonly merged: number; readonly each: number }
}

interface Measured {
  readonly cells: readonly Cell[]
  readonly figures: Figures
  readonly own: Figures
  readonly effort: Effort
}

export function effortText({ effort: { up, bare, prepared, routes }, figures, own }: Measured): string {
  const calls =
    up && bare
      ? `It makes ${up.calls} system calls (\`node -e 0\` makes ${bare.calls}) and starts ${up.processes} processes.`
      : 'System calls and processes were not counted: there is no strace.'
  const perNode = ['100', '1000', '10000'].flatMap(size => {
    const [ms, start] = [figures.median(`nstopo up chain ${size}`), own.median('start')]
    return ms === undefined || start === undefined ? [] : [`${duration((ms - start) / +size)} (${size} nodes)`]
  })
  return [
    `\`up\` of chain 1000 sends ${prepared.messages} messages in ${prepared.sends} calls, makes ${prepared.namespaces} namespaces and`,
    `writes ${prepared.settings} settings. ${calls}`,
    `\nBeyond the program's start, \`up\` of a chain takes, a node: ${perNode.join(', ')}.`,
    `\nThe graph of 754 nodes and 899 links has ${routes.merged} routes; one for each prefix would be ${routes.each}.`,
  ].join('\n')
}

export function memoryTable({ cells, figures }: Measured): string {
  const rows = cells
    .filter(({ work }) => work.shape === 'chain')
    .flatMap(({ work }) => {
      const kib = figures.median(keyOf('nstopo', 'KiB of', work))
      return kib === undefined
        ? []
        : [[`${work.size}`, `${(kib / 1024).toFixed(1)} MiB`, `${(kib / work.size).toFixed(1)} KiB`]]
    })
  return table(['chain, nodes', 'peak of `nstopo up`', 'a node'], rows)
}
