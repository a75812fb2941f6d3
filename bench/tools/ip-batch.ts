/** `ip -batch`, as good as it gets: one batch for namespaces and cables, then one for each node. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PeerModel, peerModel } from '../model.js'
import type { Tool } from './contract.js'
import { cableWords, ipVersion } from './ip-script.js'

export const ipBatch: Tool = {
  name: 'ip -batch',
  how: 'a Bash script: `ip -batch` once for namespaces, settings and cables, then once in each node',
  version: ipVersion,
  begin({ network, folder, meter }) {
    const model = peerModel(network)
    const down = join(folder, 'down.ip')
    writeFileSync(down, lines(model.nodes.map(({ namespace }) => ['netns', 'del', namespace])))
    const up = writeUp(model, folder)
    return { up: () => meter.run('bash', [up]), down: () => meter.run('ip', ['-batch', down]) }
  },
}

function writeUp(model: PeerModel, folder: string): string {
  const [all, each, up] = [join(folder, 'all.ip'), join(folder, 'each'), join(folder, 'batch.sh')]
  writeFileSync(all, lines(together(model)))
  mkdirSync(each)
  for (const { name, commands } of model.nodes) writeFileSync(join(each, name), lines(commands))
  const perNode = model.nodes.map(({ name, namespace }) => `ip -n ${namespace} -batch ${join(each, name)}`)
  writeFileSync(up, ['set -e', `ip -batch ${all}`, ...perNode, ''].join('\n'))
  return up
}

function together({ nodes, cables }: PeerModel): readonly (readonly string[])[] {
  const spaces = new Map(nodes.map(({ name, namespace }) => [name, namespace]))
  const settings = nodes.filter(node => node.settings.length > 0)
  return [
    ...nodes.map(({ namespace }) => ['netns', 'add', namespace]),
    ...settings.map(({ namespace, settings }) => {
      return ['netns', 'exec', namespace, 'sysctl', '-qw', ...settings.map(([name, value]) => `${name}=${value}`)]
    }),
    ...cables.map(([a, b]) => cableWords(spaces, a, b)),
  ]
}

const lines = (commands: readonly (readonly string[])[]) => commands.map(words => `${words.join(' ')}\n`).join('')
