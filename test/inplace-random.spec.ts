/** From any network to any other, in place: the kernel holds what the second file says, as if it had come first. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { diff, down, plan, renderDiagnostics, source, up } from '../src/index.js'
import { nameOf } from '../src/resources/index.js'
import { kernel } from './support/labs.js'
import { labName, machine } from './support/machine.js'

const names = ['a', 'b', 'c', 'd', 'e']

const node = fc.record({
  kind: fc.constantFrom('host', 'router', 'router', 'switch'),
  blackhole: fc.boolean(),
  extra: fc.constantFrom('', 'tap', 'macvlan', 'vxlan'),
})
const link = fc.record({
  ends: fc.shuffledSubarray(names, { minLength: 2, maxLength: 3 }),
  mtu: fc.constantFrom(1500, 1500, 1400),
  named: fc.boolean(),
  ipv6: fc.constantFrom(true, true, false),
  cost: fc.constantFrom(1, 5),
})
const network = fc.record({
  nodes: fc.dictionary(fc.constantFrom(...names), node, { minKeys: 2 }),
  links: fc.array(link, { maxLength: 6 }),
  routing: fc.constantFrom('none', 'shortest-path', 'shortest-path'),
})
type Drawn = typeof network extends fc.Arbitrary<infer T> ? T : never

/** Only what such a network can have: ends that exist, and things on interfaces that are there. */
function text({ nodes, links, routing }: Drawn): string {
  const known = links.map(l => ({ ...l, ends: l.ends.filter(end => nodes[end]) })).filter(l => l.ends.length > 1)
  const lines = ['addressing: { links: 10.128.0.0/16, loopbacks: 10.255.0.0/24 }', `routing: ${routing}`, 'nodes:']
  for (const [name, { kind, blackhole, extra }] of Object.entries(nodes)) {
    const tap = extra === 'tap' && kind !== 'switch' ? ['tap0: { kind: tap, addresses: 10.99.0.1/24 }'] : []
    const vxlan =
      extra === 'vxlan' && kind !== 'switch'
        ? ['vx: { kind: vxlan, id: 7, remote: 10.255.0.77, addresses: 10.98.0.1/24 }']
        : []
    const routes = blackhole && kind !== 'switch' ? ', routes: [{ to: 192.0.2.0/24, type: blackhole }]' : ''
    lines.push(
      `  ${name}: { kind: ${kind}, stp: ${kind === 'switch'}, interfaces: { ${[...tap, ...vxlan].join(', ')} }${routes} }`.replace(
        /stp: false, /,
        '',
      ),
    )
  }
  lines.push('links:')
  for (const [i, { ends, mtu, named, ipv6, cost }] of known.entries()) {
    const points = ends.map(end => (named && nodes[end]!.kind !== 'switch' ? `${end}:x${i}` : end))
    lines.push(`  - { endpoints: [${points.join(', ')}], mtu: ${mtu}, ipv6: ${ipv6}, cost: ${cost} }`)
  }
  return known.length > 0 ? `${lines.join('\n')}\n` : `${lines.slice(0, -1).join('\n')}\n`
}

describe('in place, at random', function () {
  this.timeout(300_000)

  it('ends where a fresh up ends, whatever was there', async () => {
    const name = labName('random')
    const before = machine()
    await fc.assert(
      fc.asyncProperty(network, network, network, async (...drawn) => {
        try {
          for (const subject of drawn.map(one => source(text(one), { name }))) {
            const planned = plan(subject, kernel).value?.plan.operations.map(
              op => `${op.verb} ${nameOf(op.resource)} ${op.because ?? ''}`,
            )
            const { value, diagnostics, document } = await up(subject, kernel)
            const told = renderDiagnostics(
              diagnostics.filter(d => d.severity === 'error'),
              document,
              { colour: false },
            )
            // What the language does not allow is no network to go to.
            if (!value && !diagnostics.some(d => d.code === 'kernel-refused')) continue
            assert.equal(told, '', `${subject.text}\n${planned?.join('\n')}`)
            assert.deepEqual(diff(subject, kernel).value!.changes, [], `${subject.text}\n${planned?.join('\n')}`)
          }
        } finally {
          await down(name, kernel)
        }
      }),
      {
        numRuns: Number(process.env.RUNS ?? 12),
        ...(process.env.SEED ? { seed: Number(process.env.SEED), path: process.env.FOUND! } : {}),
      },
    )
    assert.deepEqual(machine(), before)
  })
})
