import assert from 'node:assert/strict'
import { keysOf } from '../../src/model/document.js'
import { parse } from '../../src/passes/parse.js'
import { similar } from '../../src/passes/validate/similar.js'
import { validate } from '../../src/passes/validate.js'

function validated(text: string) {
  return validate(parse({ text, label: 'lab.yaml', variables: { MTU: '1400' }, environment: {} }).document)
}

/** Of a text without mistakes. */
function topology(text: string) {
  const result = validated(text)
  assert.deepEqual(result.diagnostics, [])
  assert.ok(result.value)
  return result.value
}

describe('validate', () => {
  it('reads scalars as their fields want', () => {
    const text = `nodes:
  1:
    sysctls: { net.ipv4.ip_forward: 1 }
    labels: { a: yes, b: 010, c: null }
    interfaces:
      a: { mtu: 1500, up: True, ipv6: false, cost: 0x10 }
      b: { mtu: "1400", dad: TRUE, cost: 1e2 }
      c: { mtu: "\${MTU}", cost: 0o17, up: null }
    rules: [{ table: main, sport: 80 }, { table: 100, sport: 80-90, fwmark: 0x10 }]`
    const node = topology(text).nodes?.['1']
    assert.deepEqual({ ...node?.sysctls }, { 'net.ipv4.ip_forward': '1' })
    assert.deepEqual({ ...node?.labels }, { a: 'yes', b: '010', c: null })
    assert.deepEqual({ ...node?.interfaces?.a }, { mtu: 1500, up: true, ipv6: false, cost: 16 })
    assert.deepEqual({ ...node?.interfaces?.b }, { mtu: 1400, dad: true, cost: 100 })
    assert.deepEqual({ ...node?.interfaces?.c }, { mtu: 1400, cost: 15, up: null })
    const rules = ((node?.rules ?? []) as readonly object[]).map(rule => ({ ...rule }))
    assert.deepEqual(rules, [
      { table: 'main', sport: 80 },
      { table: 100, sport: '80-90', fwmark: '0x10' },
    ])
  })

  it('keeps the order of keys', () => {
    assert.deepEqual(keysOf(topology('nodes: { b: , 10: , a: , 2: }').nodes ?? {}), ['b', '10', 'a', '2'])
  })

  it('takes null wherever there may be nothing, and x-… at the top', () => {
    const text = 'x-a: [1, { b: c }]\nnodes: { h1: , h2: { interfaces: { lo: }, group: null } }\nlinks:\ngroups: { g: }'
    assert.deepEqual(validated(text).diagnostics, [])
  })

  it('takes one item for a list of one, and every form of a link', () => {
    const text = `nodes: { h1: { group: a, routes: { to: default, via: [gw, { via: gw:wan1, weight: 2 }] } } }
links: [[h1, "gw:a 10.0.0.1/24"], { endpoints: [h1, { node: gw, addresses: 10.0.0.1/24 }], name: lan, stp: true }]`
    assert.deepEqual(validated(text).diagnostics, [])
  })

  it('does not take blanks, infinity or other words for numbers', () => {
    for (const word of ['" 5"', 'Infinity', '.inf', '0b1', '1_000', '""', '-0x5', '1.5', 'null5']) {
      const result = validated(`links: [{ endpoints: [a, b], mtu: ${word} }]`)
      assert.deepEqual(
        result.diagnostics.map(d => d.at),
        [{ path: ['links', 0, 'mtu'] }],
        word,
      )
    }
  })

  it('says one thing about one mistake, whatever the number of branches', () => {
    const text =
      'links: [5, [a, { node: x, foo: 1 }], { endpoints: [a, [b]] }]\nnodes: { a: { routes: [{ to: x, via: [[1]] }] } }'
    const codes = validated(text).diagnostics.map(d => d.code)
    assert.deepEqual(codes.toSorted(), ['unknown-key', 'wrong-type', 'wrong-type', 'wrong-type'])
  })

  it('points at keys that are unknown', () => {
    const [found] = validated('nodes: { a: { foo: 1 } }').diagnostics
    assert.deepEqual(found?.at, { path: ['nodes', 'a', 'foo'], key: true })
  })
})

describe('validate: what is left of a faulty file', () => {
  const left = (text: string) => {
    const { value, dropped } = validated(text)
    return { value: JSON.parse(JSON.stringify(value ?? null)), dropped: dropped.map(path => path.join('.')) }
  }

  it('is all but the key that does not exist', () => {
    const { value, dropped } = left('nodes: { a: { foo: 1, kind: router } }')
    assert.deepEqual([value, dropped], [{ nodes: { a: { kind: 'router' } } }, ['nodes.a.foo']])
  })

  it('keeps the indexes of items, and the names of nodes and groups', () => {
    const { value, dropped } = left(
      'nodes: { a: { rules: [{ table: x }, { table: 5 }] }, b: [] }\ngroups: { g: [] }\nlinks: [5, [a, b]]',
    )
    assert.deepEqual(value, {
      nodes: { a: { rules: [null, { table: 5 }] }, b: null },
      groups: { g: null },
      links: [null, ['a', 'b']],
    })
    assert.deepEqual(dropped.toSorted(), ['groups.g', 'links.0', 'nodes.a.rules.0', 'nodes.b'])
  })

  it('leaves out what is faulty without its misspelt key', () => {
    const { value, dropped } = left('links: [{ endpoint: [a, b] }]')
    assert.deepEqual([value, dropped], [{ links: [null] }, ['links.0.endpoint', 'links.0']])
  })

  it('is nothing when the file is no mapping', () => {
    assert.equal(validated('[a, b]').value, undefined)
  })
})

describe('similar', () => {
  it('finds what was meant, and nothing far from it', () => {
    assert.equal(similar('adresses', ['mac', 'addresses', 'mtu']), 'addresses')
    assert.equal(similar('neigh', ['neighbors', 'routes']), 'neighbors')
    assert.equal(similar('xyz', ['mac', 'mtu', 'up']), undefined)
  })
})
