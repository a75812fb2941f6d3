/**
 * `ip -batch`, as good as it gets: one batch for namespaces and cables, then one in each node, and `sysctl` before it.
 * By `nsenter`, as `ip -n` and `ip netns exec` make a mount namespace each time, the slower the more names there are.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PeerModel, peerModel } from '../model.js'
import type { Tool } from './contract.js'
import { cableWords, ipVersion } from './ip-script.js'

export const ipBatch: Tool = {
  name: 'ip -batch',
  how: 'a Bash script: `ip -batch` once for namespaces and cables, then by `nsenter` once in each node, `sysctl` too',
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
  const perNode = model.nodes.flatMap(({ name, namespace, settings }) => {
    const inside = `nsenter --net=/run/netns/${namespace}`
    const values = settings.map(([setting, value]) => `${setting}=${value}`)
    const set = values.length > 0 ? [`${inside} sysctl -qw ${values.join(' ')}`] : []
    return [...set, `${inside} ip -batch ${join(each, name)}`]
  })
  writeFileSync(up, ['set -e', `ip -batch ${all}`, ...perNode, ''].join('\n'))
  return up
}

function together({ nodes, cables }: PeerModel): readonly (readonly string[])[] {
  const spaces = new Map(nodes.map(({ name, namespace }) => [name, namespace]))
  return [
    ...nodes.map(({ namespace }) => ['netns', 'add', namespace]),
    ...cables.map(([a, b]) => cableWords(spaces, a, b)),
  ]
}

const lines = (commands: readonly (readonly string[])[]) => commands.map(words => `${words.join(' ')}\n`).join('')
