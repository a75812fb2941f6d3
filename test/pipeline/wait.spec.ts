import assert from 'node:assert/strict'
import { compile, source } from '../../src/index.js'
import type { Link, NodeState, State } from '../../src/model/state.js'
import { wantingIn } from '../../src/pipeline/wait.js'

const { state } = compile(
  source(
    `{name: w, nodes: {h1: {routes: [{to: default, via: 10.0.0.2}]}, h2: {interfaces: {t0: {kind: tap}}}, s: {kind: switch}},
      links: [[h1:eth0 10.0.0.1/24, h2:eth0 10.0.0.2/24], [h1:eth1, s], [h2:eth1, {node: s, up: false}]]}`,
  ),
).value!
const h1 = state.get('h1')!

/** The links of a node, as the kernel has them without carrier. */
const dark = (held: NodeState): NodeState => ({
  ...held,
  link: new Map([...held.link].map(([name, link]): [string, Link] => [name, { ...link, running: name === 'lo' }])),
})
const wanting = (node: string, seen: NodeState | undefined, desired: State = state) =>
  wantingIn(desired, node, seen).map(({ why }) => why)

describe('wait', () => {
  it('wants nothing of what is as the file says', () => {
    for (const [node, held] of state) assert.deepEqual(wanting(node, held), [], node)
  })

  it('names links without carrier, but not those that can’t have any', () => {
    assert.deepEqual(wanting('h1', dark(h1)), ['h1:eth0 has no carrier', 'h1:eth1 has no carrier'])
    // A tap that no program has opened, and a cable whose other end is down.
    assert.deepEqual(wanting('h2', dark(state.get('h2')!)), ['h2:eth0 has no carrier'])
    assert.deepEqual(wanting('s', dark(state.get('s')!)), ['s:eth0 has no carrier', 's:br0 has no carrier'])
  })

  it('names addresses and routes that are not there, and all of a node that is gone', () => {
    const bare = { ...h1, address: new Map(), route: new Map() }
    assert.deepEqual(wanting('h1', bare), [
      'h1: the address 10.0.0.1/24 on eth0 is not there',
      'h1: the route to default (IPv4) is not there',
    ])
    assert.ok(wanting('h1', undefined).length > 3)
  })

  it('names addresses that can’t be used yet, and processes that are not ready', () => {
    const address = new Map([...h1.address].map(([key, one]) => [key, { ...one, detection: 'pending' as const }]))
    assert.deepEqual(wanting('h1', { ...h1, address }), ['h1:eth0: duplicate detection of 10.0.0.1 is not over yet'])
    const web = {
      ...({ type: 'process', node: 'h1', name: 'web', command: ['web'], needs: [], restart: 'no' } as const),
      ...{ environment: {}, stop: { signal: 'TERM', grace: 1 }, log: 1, files: '' },
      ready: { by: 'after', seconds: 1, timeout: 2 } as const,
    }
    const desired = new Map([['h1', { ...h1, process: new Map([['web', web]]) }]])
    const seen = (state: 'running' | 'ready') => {
      return { ...h1, process: new Map([['web', { ...web, seen: { state, restarts: 0 } }]]) }
    }
    assert.deepEqual(wanting('h1', seen('running'), desired), ['h1: the process web is running, not ready'])
    assert.deepEqual(wanting('h1', seen('ready'), desired), [])
  })
})
