/** A run's findings in; docs/benchmarks.md out. No figure stands here: all come from the run. */
import { type Effort, effortText, memoryTable } from './costs.js'
import type { Figures } from './figures.js'
import type { Judged } from './goals.js'
import { machineWords } from './machine.js'
import type { Profile } from './profiles.js'
import { type Cell, figureTable, goalTable, missedText, shapeTable, table } from './table.js'
import type { Tool } from './tools/contract.js'
import { unavailable } from './tools.js'
import type { Shape } from './workloads.js'

export interface Findings {
  readonly quick: boolean
  readonly tools: readonly Tool[]
  /** Left out, with the reason. */
  readonly absent: readonly { readonly name: string; readonly why: string }[]
  readonly cells: readonly Cell[]
  /** Of the tables. */
  readonly figures: Figures
  /** Of the goals' own rounds. */
  readonly own: Figures
  readonly judged: readonly Judged[]
  readonly effort: Effort
  readonly profiles: readonly Profile[]
}

const shapes: readonly (readonly [Shape, string])[] = [
  ['chain', 'Chain: routers in a row, IPv4 and IPv6 on each cable, a default route'],
  ['star', 'Star: hosts at one switch'],
  ['hosts', 'Hosts: a star whose hosts have mounts and processes of their own, and run a program each'],
  ['leaf-spine', 'Leaf–spine: addresses and routes computed, equal costs shared'],
  ['backbone', 'Backbone: `topologies/backbone.yaml`, addresses and routes computed'],
  ['three', 'Three nodes: a router between two hosts'],
]

export function page(found: Findings): string {
  return [
    '# Benchmarks\n',
    'Made by `npm run bench`, which writes this page; no figure is typed in.' +
      (found.quick ? ' **This is a short run (`--quick`), not the full one.**' : ''),
    `\n${machineWords()}; ${new Date().toISOString().slice(0, 10)}.\n`,
    '![Time of up by tool and number of nodes](benchmarks.svg)\n',
    howText,
    '## Goals\n',
    goalTable(found.judged),
    missedText(found.judged),
    '\n## Tools\n',
    toolTable(found),
    ...shapes.flatMap(([shape, title]) => shapeSection(found, shape, title)),
    '\n## nstopo alone\n',
    figureTable(ownRows, found.own),
    `\n${effortText(found)}`,
    '\n## Memory\n',
    memoryTable(found),
    '\n## Where the time goes\n',
    'As `nstopo … --timings` says it.\n',
    ...found.profiles.map(({ title, text }) => `${title}:\n\n\`\`\`text\n${text}\n\`\`\`\n`),
  ].join('\n')
}

const howText = `Every tool builds the same network: what the others are told is derived from the network as nstopo resolved it, written
as a person would write it. After its first run, links, addresses, routes and forwarding are read back by \`ip\` in each
node (at a thousand nodes in some of them) and held against nstopo's; a tool that made something else is not quoted.

Times are of whole commands, the start of the program included, by the wall clock; Mininet's and munet's are those until
the network stands. Tools take turns within a round, each round begins with another one, and before each run the kernel
has freed the namespaces of the one before. Medians are quoted, and the least and the most. A tool that has used up its
share of time is not run again at that size, so slow ones have fewer runs. Names in /run/netns are on a tmpfs for all.

As root: \`bench/install-peers\` installs the other tools, \`npm run bench\` makes this page, \`npm run bench -- --quick\` prints a
short one, and \`npm run bench:check\`, which CI runs, fails where nstopo takes half as long again as a goal allows.

The *floor* (\`bench/floor\`) is the least that a program can do for chain and star: raw rtnetlink in C, nothing read,
checked or recorded. For computed routes it is *prepared bytes*: what nstopo sends, sent from a file by the same program.
Goals are held against the floor with one thread; with two it is faster, as rows of its own say. nstopo has a second thread
make namespaces and look at settings, from a hundred nodes on.
`

const ownRows: readonly (readonly [string, string])[] = [
  ['`node -e 0`', 'node'],
  ['`nstopo --version`', 'start'],
  ['`validate`, chain 1000', 'validate'],
  ['`validate`, 754 nodes and 899 links, routes computed', 'graph with routes'],
  ['the same without routes', 'graph without routes'],
  ['`up`, chain 1000', 'nstopo up chain 1000'],
  ['`diff` of the unchanged lab', 'diff'],
  ['`up` that changes nothing', 'unchanged'],
  ['`up` that adds a node', 'one more'],
  ['`down`', 'down'],
  ['the floor: up, chain 1000', 'floor up chain 1000'],
  ['the floor: up, star 1000', 'floor up star 1000'],
  ['`up`, star 1000', 'nstopo up star 1000'],
  ['prepared bytes: up, leaf–spine 1000', 'prepared bytes up leaf-spine 1000'],
  ['`up`, leaf–spine 1000', 'nstopo up leaf-spine 1000'],
  ['`up`, 3 nodes', 'nstopo up three 3'],
  ['a script of `ip`, 3 nodes', 'ip script up three 3'],
]

function shapeSection({ cells, tools, figures }: Findings, shape: Shape, title: string): readonly string[] {
  const own = cells.filter(({ work }) => work.shape === shape)
  return own.length === 0 ? [] : [`\n## ${title}\n`, shapeTable(own, tools, figures)]
}

function toolTable({ tools, absent }: Findings): string {
  const present = tools.map(tool => [tool.name, versionText(tool), tool.how])
  const others = [...absent, ...unavailable].map(({ name, why }) => [name, '–', `left out: ${why}`])
  return table(['tool', 'version', 'what is run'], [...present, ...others], 3)
}

function versionText(tool: Tool): string {
  const version = tool.version()
  return 'is' in version ? version.is : '–'
}
