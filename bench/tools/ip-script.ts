/** A script of `ip` commands, as a person would write it: one program a line. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { versionOf } from '../machine.js'
import { type PeerModel, peerModel } from '../model.js'
import { noSuch, type Tool } from './contract.js'

export const ipVersion = () => {
  const is = versionOf('ip', '-V')
  return is === undefined ? noSuch('iproute2') : { is: is.replace('ip utility, ', '') }
}

export const ipScript: Tool = {
  name: 'ip script',
  how: 'a Bash script of `ip netns`, `ip link`, `ip address`, `ip route` and `sysctl`, one program a line',
  version: ipVersion,
  begin({ network, folder, meter }) {
    const model = peerModel(network)
    const [up, down] = [join(folder, 'up.sh'), join(folder, 'down.sh')]
    writeFileSync(up, script(upLines(model)))
    writeFileSync(down, script(model.nodes.map(({ namespace }) => `ip netns del ${namespace}`)))
    return { up: () => meter.run('bash', [up]), down: () => meter.run('bash', [down]) }
  },
}

const script = (lines: readonly string[]) => ['set -e', ...lines, ''].join('\n')

function upLines({ nodes, cables }: PeerModel): readonly string[] {
  const spaces = new Map(nodes.map(({ name, namespace }) => [name, namespace]))
  return [
    ...nodes.map(({ namespace }) => `ip netns add ${namespace}`),
    ...nodes
      .filter(({ settings }) => settings.length > 0)
      .map(({ namespace, settings }) => {
        const values = settings.map(([name, value]) => `${name}=${value}`)
        return `ip netns exec ${namespace} sysctl -qw ${values.join(' ')}`
      }),
    ...cables.map(([a, b]) => `ip ${cableWords(spaces, a, b).join(' ')}`),
    ...nodes.flatMap(({ namespace, commands }) => commands.map(words => `ip -n ${namespace} ${words.join(' ')}`)),
  ]
}

type End = PeerModel['cables'][number][number]

/** A cable with both ends where they belong, which is the fastest. */
export function cableWords(spaces: ReadonlyMap<string, string>, a: End, b: End): readonly string[] {
  const first = ['name', a.interface, 'netns', spaces.get(a.node)!]
  const second = ['name', b.interface, 'netns', spaces.get(b.node)!]
  return ['link', 'add', ...first, 'type', 'veth', 'peer', ...second]
}
