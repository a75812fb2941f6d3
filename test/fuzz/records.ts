/** Random choices in, texts out as a record might be found: whole, damaged, or by somebody with a grudge. */
import type { LabRecord } from '../../src/model/plan.js'
import type { Random } from './random.js'

export const recordOf = (lab: string): LabRecord => ({
  version: 1,
  lab,
  boot: '7c1a0d0e-93a3-4be8-9c0b-5d7a2d8f9a11',
  state: 'up',
  source: {
    text: 'nodes: { h1: {}, h2: {} }\nlinks: [[h1, h2]]\naddressing: { links: 10.0.0.0/8 }\n',
    path: '/root/lab.yaml',
    label: 'lab.yaml',
    variables: { ROLE: 'edge' },
    assigned: { 'h1|h2': ['10.0.0.0/31'], 'lo:h1': ['10.255.0.1/32', 'fd00::1/128'] },
  },
  blending: { h1: ['sysctl net.ipv4.ip_forward', 'address eth0 fe80::1/64'] },
  links: 1,
  created: 1764000000000,
  owner: 0,
  by: '0.1.0',
})

/** The same while a change in place is not done. */
const changingOf = (lab: string): LabRecord => {
  const { source, ...before } = recordOf(lab)
  const common = { node: 'h1', family: 4 } as const
  const hop = { via: '10.0.0.1', dev: 'eth0', weight: 1, onlink: false }
  return {
    ...{ ...before, source, state: 'building' },
    change: {
      before: { ...before, source },
      tried: [{ source }, { source, blending: { h2: ['sysctl net.core.somaxconn'] } }],
      foreign: [
        { ...common, type: 'address', dev: 'eth0', address: '10.0.0.9', prefixLength: 24, dad: false },
        {
          ...{ ...common, type: 'route', to: '10.9.0.0/16', action: 'unicast', nextHops: [hop] },
          ...{ table: 254, metric: 0, protocol: 3 },
        },
        {
          ...common,
          type: 'rule',
          priority: 7,
          not: false,
          from: '10.0.0.0/8',
          action: 'table',
          table: 9,
          protocol: 3,
        },
        { ...common, type: 'neighbor', to: '10.0.0.7', mac: '02:00:00:00:00:01', dev: 'eth0', protocol: 0 },
        { type: 'link', node: 'h2', name: 'x0', kind: 'dummy', mtu: 1500, up: true, data: {} },
      ],
    },
  }
}

const hostileKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  '../../etc',
  'a\u0000b',
  'h1',
  '1',
  'ü',
]

function hostileValue(random: Random, depth = 0): unknown {
  const leaf = () =>
    random.pick<unknown>([
      ...[null, true, false, '', '../../etc', '\ud800', '\u001b[2J', '0.1.0', 'up', 'leaving', [], {}, ['x'], [1]],
      ...[0, -1, 1, 1.5, 7, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308, 4026531841],
    ])
  if (depth > 4 || random.below(3) > 0) return leaf()
  const count = random.below(4)
  if (random.once(2)) return Array.from({ length: count }, () => hostileValue(random, depth + 1))
  return mappingOf(Array.from({ length: count }, () => [random.pick(hostileKeys), hostileValue(random, depth + 1)]))
}

/** With `__proto__` as a key of its own, as JSON makes it. */
function mappingOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries)
}

type Change = (value: Record<string, unknown>, key: string, random: Random) => readonly (readonly [string, unknown])[]

/** What is done to one key of one mapping. */
const changes: readonly Change[] = [
  (value, key) => Object.entries(value).filter(([other]) => other !== key),
  (value, key, random) => Object.entries({ ...value, [key]: hostileValue(random) }),
  (value, _, random) => [...Object.entries(value), [random.pick(hostileKeys), hostileValue(random)]],
  (value, key, random) =>
    Object.entries(value).map(([other, held]) => [other === key ? random.pick(hostileKeys) : other, held]),
  value => Object.entries(value).reverse(),
]

function changedSomewhere(value: Record<string, unknown>, random: Random): Record<string, unknown> {
  const key = random.pick(Object.keys(value))
  const below = value[key]
  if (typeof below === 'object' && below !== null && !Array.isArray(below) && !random.once(3)) {
    const inner = Object.keys(below).length === 0 ? below : changedSomewhere(below as Record<string, unknown>, random)
    return mappingOf(Object.entries(value).map(([other, held]) => [other, other === key ? inner : held]))
  }
  return mappingOf(random.pick(changes)(value, key, random))
}

const pieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  '\n',
  '\0',
  '\ufeff',
  '1e999',
  '-0',
  'null',
  '"__proto__":',
  '\\ud800',
  '{"a":'.repeat(3000),
]

/** What is done to the text, whatever it says. */
function damaged(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const kind = random.below(6)
  if (kind === 0) return text.slice(0, at)
  if (kind === 1) return text.slice(0, at) + random.pick(pieces) + text.slice(at)
  if (kind === 2) return text.slice(0, at) + text.slice(at + 1 + random.below(30))
  if (kind === 3) return text.slice(0, at) + '\0'.repeat(text.length - at)
  if (kind === 4) return text.slice(0, at) + String.fromCharCode(random.below(0x10000)) + text.slice(at + 1)
  return text + text.slice(at)
}

/** Half of them are JSON whatever was done to them. */
export function recordText(lab: string, random: Random): string {
  const whose = random.once(50) ? 'other' : lab
  let value: Record<string, unknown> = { ...(random.once(2) ? changingOf(whose) : recordOf(whose)) }
  for (let left = random.below(4); left > 0 && Object.keys(value).length > 0; left--)
    value = changedSomewhere(value, random)
  let text = `${JSON.stringify(value)}\n`
  for (let left = random.once(2) ? random.below(3) : 0; left > 0; left--) text = damaged(text, random)
  return text
}
