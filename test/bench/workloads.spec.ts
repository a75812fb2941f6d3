import assert from 'node:assert/strict'
import { peerModel } from '../../bench/model.js'
import { randomGraph, work } from '../../bench/workloads.js'
import { compile } from '../../src/pipeline.js'

function network(text: string) {
  const { value, diagnostics } = compile({ text, label: 'bench', name: 'bench', variables: {}, environment: {} })
  assert.deepEqual(diagnostics, [])
  return value!.network
}

describe('bench/workloads', () => {
  for (const [shape, size, nodes, wires] of [
    ['chain', 10, 10, 9],
    ['star', 10, 11, 10],
    ['hosts', 10, 11, 10],
    ['leaf-spine', 10, 10, 10],
    ['leaf-spine', 100, 100, 120],
    ['three', 3, 3, 2],
    ['backbone', 28, 28, 39],
  ] as const)
    it(`${shape} ${size} is valid, without a warning, and of that size`, () => {
      const made = network(work(shape, size).text)
      assert.deepEqual([made.nodes.length, made.wires.length], [nodes, wires])
    })

  it('the random graph is connected, of the size asked for, and the same each time', () => {
    const text = randomGraph(60, 80)
    assert.equal(text, randomGraph(60, 80))
    const { nodes, wires } = network(text)
    assert.deepEqual([nodes.length, wires.length], [60, 80])
    for (const node of nodes) assert.ok(node.routes.length > 0)
  })
})

describe('bench/model', () => {
  const { nodes, cables } = peerModel(network(work('three', 3).text))

  it('tells others what a person would write', () => {
    const router = nodes.find(({ name }) => name === 'gw')!
    assert.equal(router.namespace, 'bench.gw')
    assert.deepEqual(router.settings, [
      ['net.ipv4.ip_forward', '1'],
      ['net.ipv6.conf.all.forwarding', '1'],
    ])
    const host = nodes.find(({ name }) => name === 'h2')!
    assert.deepEqual(
      host.commands.map(words => words.join(' ')),
      [
        'link set dev lo up',
        'link set dev eth0 up',
        'address add 10.0.2.2/24 dev eth0',
        'address add fd00:0:0:2::2/64 dev eth0 nodad',
        'route add default via 10.0.2.1 dev eth0',
        'route add ::/0 via fd00:0:0:2::1 dev eth0',
      ],
    )
    assert.equal(cables.length, 2)
  })

  it('starts the same programs', () => {
    const hosts = peerModel(network(work('hosts', 2).text)).nodes
    const started = hosts.map(({ name, programs }) => [name, programs.map(words => words.join(' '))])
    assert.deepEqual(Object.fromEntries(started), { n0: ['sleep infinity'], n1: ['sleep infinity'], hub: [] })
  })

  it('puts the ports of a switch into its bridge', () => {
    const hub = peerModel(network(work('star', 2).text)).nodes.find(({ name }) => name === 'hub')!
    assert.deepEqual(hub.bridges, [{ name: 'br0', ports: ['eth0', 'eth1'] }])
  })
})
