/** No text makes `compile` throw, hang or lose its place. */
import fc from 'fast-check'
import { hostileWord, mutated, mutationBy } from './parse-mutations.js'
import { survives } from './parse-survives.js'

const valid = `name: branch
x-common: &common { mtu: 1400, dad: true }
defaults: { node: { sysctls: { net.ipv4.ip_forward: 1 } }, interface: *common }
groups:
  staff: { labels: { role: "\${node} $\${x} \${ROLE:-none}" } }
nodes:
  h1: { group: staff }
  1:
    kind: router
    interfaces:
      lo: { addresses: [10.255.0.1/32, "fd00:ff::1/128"] }
      br0: { kind: bridge, ports: [eth1], ageing: 15s, <<: *common }
    routes:
      - { to: default, via: [192.0.2.2, { via: h1:eth0, weight: 2 }] }
    rules: [{ from: 10.0.0.0/8, table: main, sport: 1-2 }]
links:
  - name: lan
    endpoints: [h1, 1:eth1 10.0.0.1/24]
    subnet: 10.0.0.0/24
  - [h1:wan "10.0.0.1/24", { node: 1, interface: wan, mac: "02:00:00:00:00:01" }]
addressing: { links: 10.0.0.0/9 }
routing: shortest-path
`

const piece = fc.oneof(hostileWord, fc.string({ maxLength: 6 }), fc.constantFrom(...valid.split(/\b/)))

const mutation = mutationBy(piece)

describe('any text', () => {
  const bounded = { numRuns: 400, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false } as const

  it('of characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => void survives(text)),
      bounded,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), words => void survives(words.join(' '))),
      bounded,
    )
  })

  it('that was a topology before somebody edited it', () => {
    const edits = fc.array(mutation, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(edits, each => void survives(each.reduce(mutated, valid))),
      { ...bounded, numRuns: 1000 },
    )
  })

  it('of values in places where they do not belong', () => {
    const key = fc.constantFrom(
      'nodes',
      'links',
      'groups',
      'defaults',
      'interface',
      'interfaces',
      'kind',
      'routes',
      'endpoints',
      'h1',
      '__proto__',
      'toString',
      'mtu',
      'addressing',
      'bridge',
    )
    const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 5, 'bridge', 'veth', '0644', '${Y}', '1:2'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, hostileWord), tie('tree'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, tree), value => void survives(JSON.stringify(value))),
      bounded,
    )
  })

  it('that nests or repeats without end', () => {
    for (const open of [
      '[',
      '{',
      '{a: ',
      '- ',
      '? ',
      'a: ',
      '"',
      "'",
      '|\n',
      '&a ',
      '*a ',
      '!a ',
      '${',
      '#',
      '\n',
      ',',
      'a\n',
      '  ',
      '[a, ',
      '<<: ',
    ])
      for (const count of [50, 101, 5_000]) survives(open.repeat(count))
    survives(': &a0{l: &a2{*a0,*a2\n*a2')
    survives(Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'))
    survives(Array.from({ length: 1000 }, (_, i) => `x-${i}: &a${i} [*a${i - 1}, *a${i - 1}]`).join('\n'))
    survives(
      Array.from({ length: 1000 }, (_, i) => `x-${i}: &a${i} { <<: [*a${Math.max(0, i - 1)}], k${i}: 1 }`).join('\n'),
    )
    survives(Array.from({ length: 20_000 }, (_, i) => `k${i}: ${i}`).join('\n'))
  })
})
