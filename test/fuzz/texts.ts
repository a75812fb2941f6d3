/** Random choices in; texts out as a topology might be written by somebody who means harm, or whose editor slipped. */
import { readFileSync } from 'node:fs'
import { hostile, mutated } from '../passes/parse-mutations.js'
import { shipped } from '../support/labs.js'
import type { Random } from './random.js'

const topologies = shipped.map(path => readFileSync(path, 'utf8'))

/** What YAML, JavaScript, the kernel or a terminal might take for something else. */
const scalars = [
  ...hostile,
  ...['null', 'true', 'NO', '0644', '0x10', '1e999', '-0', '.inf', '.nan', '9007199254740993', '1'.repeat(400), '-1'],
  ...['hasOwnProperty', 'prototype', '../../etc', '/dev/null', '$(id)', '`id`', '; id', "a'b", 'a"b', '\\\\', '%s%n'],
  ...[
    '\u001b[2J',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\uffff',
    '\udfff',
    '\u202e',
    'é',
    '日本',
    'a'.repeat(300),
    '0'.repeat(64),
  ],
  ...[
    '10.0.0.1/24',
    '10.0.0.0/0',
    '0.0.0.0/33',
    '::/129',
    'fd00::1/64',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:7:8:9',
    '255.255.255.255',
  ],
  ...[
    'h1',
    'r1:eth0',
    'h1:eth0 10.0.0.1/24',
    ':',
    'h1:',
    ':eth0',
    'all',
    'default',
    'lo',
    'host',
    '${',
    '$${X}',
    '${X:-${Y}}',
    '${__proto__}',
  ],
  ...[
    '4294967295',
    '4294967296',
    '18446744073709551616',
    '5ms',
    '1.5h',
    '1-2',
    '65535-1',
    '02:00:00:00:00:01',
    'ff:ff:ff:ff:ff:ff',
  ],
]

const keys = [
  ...[
    'name',
    'nodes',
    'links',
    'groups',
    'defaults',
    'addressing',
    'routing',
    'ipv6',
    'x-y',
    'h1',
    'r1',
    '1',
    'eth0',
    'lo',
    'br0',
  ],
  ...[
    'kind',
    'interfaces',
    'interface',
    'node',
    'group',
    'labels',
    'sysctls',
    'routes',
    'rules',
    'neighbors',
    'routes+',
    'addresses',
  ],
  ...[
    'mtu',
    'mac',
    'dad',
    'ports',
    'endpoints',
    'subnet',
    'gateway',
    'to',
    'via',
    'dev',
    'table',
    'metric',
    'weight',
    'action',
  ],
  ...[
    'from',
    'iif',
    'sport',
    'uidrange',
    'fwmark',
    'vni',
    'remote',
    'parent',
    'mode',
    'loopbacks',
    'bridge',
    'net.ipv4.ip_forward',
  ],
]

/** Kinds and the like: what a key might want. */
const words = [
  'bridge',
  'veth',
  'vxlan',
  'macvlan',
  'dummy',
  'tap',
  'tun',
  'router',
  'switch',
  'host',
  'shortest-path',
  'blackhole',
  'default',
]

interface Maker {
  readonly random: Random
  /** Anchors so far. */
  anchors: number
}

function scalar({ random }: Maker): string {
  const text = random.pick(random.once(2) ? scalars : words)
  const style = random.below(6)
  if (style === 0) return JSON.stringify(text)
  if (style === 1) return `'${text.replaceAll("'", "''")}'`
  return text
}

function key(maker: Maker): string {
  const { random } = maker
  if (random.once(12)) return scalar(maker)
  if (random.once(20)) return `? ${random.pick(keys)}\n`
  return random.pick(keys)
}

/** A value of flow style: nesting needs no indentation. */
function flow(maker: Maker, depth: number): string {
  const { random } = maker
  const kind = depth > 6 ? 0 : random.below(8)
  if (kind < 3) return scalar(maker)
  if (kind === 3) return `*a${random.below(maker.anchors + 1)}`
  if (kind === 4) return `&a${maker.anchors++} ${flow(maker, depth + 1)}`
  const items = Array.from({ length: random.below(4) }, () => flow(maker, depth + 1))
  if (kind === 5) return `[${items.join(', ')}]`
  const merge = random.once(6) ? [`<<: *a${random.below(maker.anchors + 1)}`] : []
  return `{ ${[...merge, ...items.map(item => `${key(maker)}: ${item}`)].join(', ')} }`
}

function block(maker: Maker, indent: string, depth: number): string {
  const { random } = maker
  return Array.from({ length: 1 + random.below(4) }, () => {
    const deeper = depth < 5 && random.once(2)
    const value = deeper ? `\n${block(maker, `${indent}  `, depth + 1)}` : ` ${flow(maker, depth)}`
    if (random.once(5)) return `${indent}-${value}`
    if (random.once(30))
      return `${indent}${key(maker)}: |${random.pick(['', '-', '+', '9'])}\n${indent}  ${scalar(maker)}`
    return `${indent}${key(maker)}:${value}${random.once(20) ? ' # c' : ''}`
  }).join('\n')
}

/** The same over and over: nesting, anchors that double, keys without end. */
function monster(random: Random): string {
  const count = random.pick([10, 101, 1000])
  const open = random.pick(['[', '{a: ', '- ', '? ', '{<<: ', '!!str ', '&a ', '"\\', "'", '>\n', '${X', '- - '])
  return random.pick([
    () => open.repeat(count),
    () => `nodes: ${'{h1: '.repeat(count)}${'}'.repeat(count)}`,
    () => Array.from({ length: count }, (_, i) => `x-${i}: &a${i} [*a${i - 1}, *a${i - 1}]`).join('\n'),
    () => Array.from({ length: count }, (_, i) => `x-${i}: &a${i} { <<: [*a${i}, *a${i - 1}] }`).join('\n'),
    () => `nodes: { ${Array.from({ length: count }, (_, i) => `n${i}: ${random.pick(scalars)}`).join(', ')} }`,
  ])()
}

/** Every text is made in one of four ways. */
export function hostileText(random: Random): string {
  const maker = { random, anchors: 0 }
  if (random.once(1000)) return monster(random)
  if (random.once(3)) return flow(maker, 0)
  let text = random.once(5) ? random.pick(topologies) : block(maker, '', 0)
  for (let left = random.below(5); left > 0; left--) {
    const [kind, at, length] = [random.below(6), random.word(), random.below(13)]
    text = mutated(text, { kind, at, length, word: random.pick(random.once(2) ? scalars : keys) })
  }
  return text
}
