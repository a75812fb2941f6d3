/** nstopo graph: the picture of a topology. */
import { validate } from '../src/pipeline.js'
import { renderDot, renderGraph, renderMermaid } from '../src/render/graph.js'
import { graphJson } from '../src/render/json.js'
import { NstopoCommand } from './shared/command.js'
import { common, Flags, file, reading, twins } from './shared/flags.js'
import { finish } from './shared/output.js'
import { refuse, sourceOf } from './shared/run.js'
import { watching } from './shared/timing.js'

export default class Graph extends NstopoCommand {
  static override summary = 'draw the topology'
  static override usage = '[FILE]'
  static override examples = ['nstopo graph lab.yaml', 'nstopo graph --format dot lab.yaml | dot -Tsvg > lab.svg']
  static override args = file
  static override flags = twins('graph', {
    format: Flags.string({
      summary: 'text, mermaid or dot',
      options: ['text', 'mermaid', 'dot'],
      default: 'text',
      helpValue: 'FORMAT',
    }),
    ...reading,
    ...common,
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Graph)
    const source = await sourceOf(args.file, flags)
    if ('problem' in source) return refuse('graph', source.problem, flags)
    const { value, ...rest } = validate(source.value, {}, watching()?.trace)
    const network = value?.network
    if (!network) return finish({ command: 'graph', ...rest }, flags)
    const render = { mermaid: renderMermaid, dot: renderDot }[flags.format]
    const text = (colour: boolean) => (render ? render(network) : renderGraph(network, { colour }))
    return finish({ command: 'graph', ...rest, result: graphJson(network), text }, flags)
  }
}
