/** What nodes share is one thing for all of them, and looks like each node's own. */
import assert from 'node:assert/strict'
import type { NodeState } from '../../src/model/state.js'
import { compile } from '../../src/pipeline/compile.js'

function stateOf(text: string, node: string): NodeState {
  const { value } = compile({ text, label: 'test', variables: {}, environment: {} })
  return value!.state.get(node)!
}

describe('lower', () => {
  const text =
    'nodes: { r: { kind: router }, s: { kind: router, sysctls: { net.ipv4.tcp_mtu_probing: 1 } } }\nlinks: [[r, s]]'

  it('gives nodes that share settings a map of their own', () => {
    const { sysctl } = stateOf(text, 'r')
    const forward = { type: 'sysctl', node: 'r', name: 'net.ipv4.ip_forward', value: '1' }
    assert.deepEqual(sysctl.get(forward.name), forward)
    assert.deepEqual([...sysctl][0], [forward.name, forward])
    assert.equal(sysctl.get('net.ipv4.tcp_mtu_probing'), undefined)
    const seen: unknown[] = []
    sysctl.forEach((setting, name, map) => {
      seen.push([name, setting, map.has(name)])
    })
    assert.deepEqual(
      seen,
      [...sysctl.entries()].map(([name, setting]) => [name, setting, true]),
    )
    assert.deepEqual(
      [[...sysctl.keys()], [...sysctl.values()]],
      [[...sysctl].map(([name]) => name), [...sysctl].map(([, each]) => each)],
    )
    assert.equal(sysctl.size, [...sysctl].length)
  })

  it('adds what a node says itself', () => {
    const [shared, own] = [stateOf(text, 'r').sysctl, stateOf(text, 's').sysctl]
    assert.equal(own.size, shared.size + 1)
    assert.equal(own.get('net.ipv4.tcp_mtu_probing')?.value, '1')
    assert.ok([...own.values()].every(({ node }) => node === 's'))
  })

  it('lets programs of ordinary users have a node’s low ports, unless the file says otherwise', () => {
    const name = 'net.ipv4.ip_unprivileged_port_start'
    const start = (keys: string) => {
      const processes = 'processes: { web: { command: [sleep, "1"], user: nobody } }'
      return stateOf(`nodes: { a: { ${processes}, ${keys} }, b: }\nlinks: [[a, b]]`, 'a').sysctl.get(name)?.value
    }
    assert.equal(stateOf(text, 'r').sysctl.get(name), undefined)
    assert.equal(start(''), '0')
    assert.equal(start(`sysctls: { ${name}: 80 }`), '80')
  })

  it('weighs no single next hop, and names routes by what tells them apart', () => {
    const routes = 'routes: [{ to: default, via: 10.0.0.1 }, { to: default, via: 10.0.0.1, table: 100, metric: 5 }]'
    const two = `nodes: { a: { ${routes} }, b: }\nlinks: [[a 10.0.0.0/31, b 10.0.0.1/31]]`
    assert.deepEqual([...stateOf(two, 'a').route.keys()], ['4 254 0.0.0.0/0 0', '4 100 0.0.0.0/0 5'])
  })
})
