import assert from 'node:assert/strict'
import { nameOf } from '../../src/assertions.js'
import { compile, source } from '../../src/index.js'

const file = `name: n
nodes: { h1: {}, h2: {}, h3: {}, h4: {}, h5: {}, s: { kind: switch } }
links: [[h1, s], [h2, s], [h3, s], [h4, s], [h5, s]]
tests:
  - reach: { from: h1, to: all, within: 20ms }
  - path: { from: h1, to: "h2:eth0", via: [h3, h4] }
  - tcp: { from: h1, to: ["h2:80", "[fd00::1]:22", "h2:eth0:22"] }
  - http: { from: h1, to: h2 }
  - http: { from: h1, to: h2, body: /a/i }
  - http: { from: h1, to: h2, body: /a/x }
  - dns: { from: h1, name: web.example, server: 10.0.0.53, answer: 10.0.0.1 }
  - throughput: { from: h1, to: h2, atLeast: 1.5gbit }
  - run: { in: h1, command: [true] }
`

describe('tests of a file', () => {
  const { tests } = compile(source(file)).value!.network

  it('are resolved: names are nodes, quantities numbers, patterns ready', () => {
    const [reach, path, tcp, http, insensitive, text, dns, throughput, run] =
      tests as readonly object[] as readonly Record<string, unknown>[]
    assert.deepEqual([reach!.from, reach!.to, reach!.within], [['h1'], ['h1', 'h2', 'h3', 'h4', 'h5'], 20])
    assert.deepEqual([path!.via, path!.within], [['h3', 'h4'], 5000])
    assert.deepEqual(tcp!.to, [
      { to: 'h2', port: 80 },
      { to: 'fd00::1', port: 22 },
      { to: 'h2:eth0', port: 22 },
    ])
    assert.deepEqual([http!.to, http!.path, http!.status], [[{ to: 'h2', port: 80 }], '/', 200])
    assert.deepEqual([insensitive!.body, text!.body], [{ expression: /a/i }, { text: '/a/x' }])
    assert.deepEqual([dns!.server, dns!.type, dns!.answer], ['10.0.0.53', 'A', ['10.0.0.1']])
    assert.deepEqual([throughput!.atLeast, run!.command], [1.5e9, ['true']])
  })

  it('have a line each that names them', () =>
    assert.deepEqual(tests.slice(0, 4).map(nameOf), [
      'reach: h1 → h1, h2, h3 and 2 more',
      'path: h1 → h2:eth0 via h3, h4',
      'tcp: h1 → h2:80, [fd00::1]:22, h2:eth0:22',
      'http: h1 → h2:80/',
    ]))
})
