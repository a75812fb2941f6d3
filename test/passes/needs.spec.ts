/** What plans ask of a machine: topologies as text, what stood before as another, and the figures by hand. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { pinned } from '../../src/kinds/index.js'
import type { Needs } from '../../src/model/needs.js'
import type { Compiled } from '../../src/model/report.js'
import type { NodeState, Resource, State } from '../../src/model/state.js'
import { diff } from '../../src/passes/diff.js'
import { needs } from '../../src/passes/needs.js'
import { plan } from '../../src/passes/plan.js'
import { compile } from '../../src/pipeline.js'
import { kindOf } from '../../src/resources/index.js'

function compiled(text: string): Compiled {
  const { value, diagnostics } = compile({ text, label: 'lab.yaml', variables: {}, environment: {}, name: 'lab' })
  assert.ok(value, JSON.stringify(diagnostics))
  return value
}

/** As the kernel holds it: links have numbers. */
function standing(state: State): State {
  let index = 1000
  const links = (held: NodeState) =>
    new Map([...held.link].map(([name, link]) => [name, { ...link, index: name === 'lo' ? 1 : index++ }]))
  return new Map([...state].map(([node, held]) => [node, { ...held, link: links(held) }]))
}

/** What the way from one topology (or from nothing) to another needs. */
function needsOf(text: string, before?: string): Needs {
  const { state: desired, network } = compiled(text)
  const stood: State = before === undefined ? new Map() : compiled(before).state
  const observed = standing(stood)
  const made = (r: Resource) =>
    r.type !== 'namespace' && (stood.get(r.node)?.[r.type].has(kindOf(r.type).key(r)) ?? false)
  const fresh = new Map(pinned.map(({ name, value }) => [name, value.host]))
  const changes = diff({ desired, observed, made })
  return needs({ plan: plan({ lab: 'lab', changes, desired, observed, fresh }), network, observed })
}

const hosts = (count: number) => Array.from({ length: count }, (_, i) => `h${i}`)
const nodes = (names: readonly string[]) => `nodes: { ${names.map(name => `${name}: {}`).join(', ')} }\n`

/** A LAN of so many hosts. */
function lan(count: number, subnet: string): string {
  const names = hosts(count)
  return `${nodes(names)}links:\n  - { name: lan, endpoints: [${names.join(', ')}], subnet: ${subnet} }\n`
}

const two = 'nodes: { a: {}, b: {} }\nlinks:\n  - [a 10.0.0.1/24, b 10.0.0.2/24]\n'

describe('needs', () => {
  const nothing = { lab: 'lab', namespaces: 0, mounts: 0, links: {}, devices: 0, addresses: 0, routes: 0 }
  const quiet = { families: [], ruled: [], neighbours: {}, longest: '' }
  const plain = ({ links, families, ruled, neighbours, ...rest }: Needs) => ({
    ...rest,
    links: Object.fromEntries(links),
    families: [...families].sort(),
    ruled: [...ruled].sort(),
    neighbours: Object.fromEntries(neighbours),
  })

  const table: readonly (readonly [what: string, text: string, before: string | undefined, expected: object])[] = [
    ['nothing, where nothing differs', two, two, { ...nothing, ...quiet }],
    [
      'a cable: two neighbours, one pair, and the folders of a new lab',
      two,
      undefined,
      { namespaces: 2, mounts: 5, links: { veth: 1 }, addresses: 2, families: [4], neighbours: { 4: 2 }, longest: 'a' },
    ],
    [
      'a LAN: everybody and one of them, and a switch',
      lan(5, '[10.0.0.0/24, "fd00::/64"]'),
      undefined,
      {
        ...{ namespaces: 6, mounts: 9, links: { bridge: 1, veth: 5 }, addresses: 10, families: [4, 6], longest: 'lan' },
        ...{ neighbours: { 4: 8, 6: 8 }, fullest: { node: 'lan', bridge: 'br0', ports: 5 } },
      },
    ],
    [
      'a change in place: only what comes',
      lan(7, '10.0.0.0/24'),
      lan(5, '10.0.0.0/24'),
      {
        ...{ namespaces: 2, mounts: 2, links: { veth: 2 }, addresses: 2, families: [4], longest: 'h5' },
        ...{ neighbours: { 4: 4 }, fullest: { node: 'lan', bridge: 'br0', ports: 7 } },
      },
    ],
    [
      'another address on one end: a neighbour for each',
      two.replace(/10\.0\.0\.(\d)\/24/g, '10.0.0.$1/24 fd00::$1/64'),
      two,
      { addresses: 2, families: [6], neighbours: { 6: 2 } },
    ],
    [
      'a cable without addresses: no neighbours',
      'nodes: { a: {}, b: {} }\nlinks: [[a, b]]\n',
      undefined,
      { namespaces: 2, mounts: 5, links: { veth: 1 }, longest: 'a' },
    ],
    [
      'kinds of links, and what only /dev/net/tun makes',
      'nodes: { a: { interfaces: { t0: { kind: tap }, t1: { kind: tun }, v0: { kind: vxlan, id: 7, remote: 10.0.0.2 } } } }\n',
      undefined,
      { namespaces: 1, mounts: 4, links: { tap: 1, tun: 1, vxlan: 1 }, devices: 2, longest: 'a' },
    ],
    [
      'routes and rules, by family',
      'nodes: { a: { routes: [{ to: 10.9.0.0/16, type: blackhole }], rules: [{ from: "fd00::/64", table: 254, priority: 9 }] } }\n',
      undefined,
      { namespaces: 1, mounts: 4, routes: 1, families: [4, 6], ruled: [6], longest: 'a' },
    ],
  ]
  for (const [what, text, before, expected] of table)
    it(what, () => assert.deepEqual(plain(needsOf(text, before)), { ...nothing, ...quiet, ...expected }))

  it('hosts: namespaces by kind, limits, and what is started; of a host that stays, the limits alone', () => {
    const text = (memory: string) => `
nodes:
  a: { isolate: [pid], limits: { memory: ${memory} }, processes: { x: { command: [x] }, y: { command: [y] } } }
  b: { hostname: other, limits: { pids: 9 } }
`
    const { hosts, mounts } = needsOf(text('1mb'))
    assert.deepEqual(hosts, {
      count: 2,
      kinds: new Map([
        ['uts', 2],
        ['mount', 1],
        ['pid', 1],
        ['cgroup', 2],
      ]),
      limits: new Map([
        ['memory', 1],
        ['pids', 1],
      ]),
      processes: 5,
      supervised: 2,
    })
    assert.equal(mounts, 7)
    const changed = needsOf(text('2mb'), text('1mb')).hosts
    const limits = new Map([['memory', 1]])
    assert.deepEqual(changed, { count: 0, kinds: new Map(), limits, processes: 0, supervised: 0 })
  })

  it('the longest name is of a node that comes', () => {
    assert.equal(
      needsOf(nodes(['a', 'a-long-name', 'b']), nodes(['a-very-long-name-indeed', 'a'])).longest,
      'a-long-name',
    )
  })

  it('new ports come before old ones go: the fullest moment counts', () => {
    const ports = (...names: readonly string[]) => {
      const list = names.join(', ')
      const links = names.map(name => `  - [sw:${name}, h:${name}]\n`).join('')
      return `nodes: { h: {}, sw: { interfaces: { b: { kind: bridge, ports: [${list}] } } } }\nlinks:\n${links}`
    }
    const { fullest } = needsOf(ports('p4', 'p5'), ports('p1', 'p2', 'p3'))
    assert.deepEqual(fullest, { node: 'sw', bridge: 'b', ports: 5 })
    assert.deepEqual(needsOf(ports('p1'), ports('p1', 'p2')).fullest, undefined)
  })

  it('grow as a LAN grows, and never by more than the whole', () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 0, max: 12 }))
    fc.assert(
      fc.property(sizes, ([before, more]) => {
        const [first, whole] = [lan(before, '10.0.0.0/16'), lan(before + more, '10.0.0.0/16')]
        const parts = [needsOf(first), needsOf(whole, first)]
        const all = needsOf(whole)
        for (const count of ['namespaces', 'mounts', 'addresses'] as const)
          assert.equal(parts[0]![count] + parts[1]![count], all[count], count)
        assert.equal(
          parts.reduce((sum, each) => sum + (each.neighbours.get(4) ?? 0), 0),
          all.neighbours.get(4),
        )
      }),
      { numRuns: 30 },
    )
  })
})
