import assert from 'node:assert/strict'
import type { Change } from '../../src/model/plan.js'
import { renderDiff } from '../../src/render/diff.js'
import { address, document, link, route } from './values.js'

const changes: readonly Change[] = [
  { state: 'missing', desired: { ...address('h1', 'eth0', '10.0.0.1'), at: ['nodes', 'h1'] } },
  {
    state: 'changed',
    desired: { ...link('h2', 'eth0', { mtu: 1400 }), at: ['links', 0, 'mtu'] },
    observed: link('h2', 'eth0'),
    fields: [{ field: 'mtu', from: 1500, to: 1400 }],
  },
  { state: 'stale', observed: route('h2') },
]
const foreign: Change = { state: 'foreign', observed: address('h1', 'eth0', '192.0.2.1') }

describe('render: a diff as text', () => {
  const text = (all: readonly Change[], differs = true) =>
    renderDiff({ lab: 'pair', up: true, changes: all, differs }, { colour: false, document })

  it('groups by node and names the place in the YAML', () => {
    assert.equal(
      text(changes),
      `pair: 1 missing, 1 changed, 1 stale
h1
  missing  address 10.0.0.1/24 on h1:eth0  lab.yaml:2:3
h2
  changed  link h2:eth0 (veth, mtu 1400): mtu is 1500, should be 1400  lab.yaml:3:3
  stale    route of h2: default via 10.0.0.1 dev eth0
`,
    )
  })

  it('shows what somebody else made apart', () => {
    assert.equal(
      text([foreign], false),
      `pair: no differences

1 thing not made by nstopo, left alone; up --prune removes them:
h1
  foreign  address 192.0.2.1/24 on h1:eth0
`,
    )
    assert.match(text([foreign], true), /1 thing not made by nstopo, counted/)
  })

  it('says of a node that is missing or stale just that, and how much goes with it', () => {
    const node = { type: 'namespace', node: 'h1' } as const
    const gone = [node, link('h1', 'lo'), address('h1', 'eth0', '10.0.0.1')]
    assert.equal(
      text(gone.map(desired => ({ state: 'missing', desired }))),
      'pair: 1 missing\nh1\n  missing  node h1, with its link and address\n',
    )
    const more = [...gone, link('h1', 'eth0'), route('h1')]
    const stale = more.map(observed => ({ state: 'stale', observed }) as const)
    assert.match(text(stale), /node h1, with its 2 links, address and route\n$/)
  })

  it('names the far end of a cable in words', () => {
    const fields = [{ field: 'peer', from: { node: 'h1', name: 'e0' }, to: { node: 'h1', name: 'eth0' } }]
    const change: Change = { state: 'changed', desired: link('h2', 'eth0'), observed: link('h2', 'eth0'), fields }
    assert.match(text([change]), /peer is h1:e0, should be h1:eth0/)
  })

  it('says when the lab is not up', () => {
    const down = renderDiff({ lab: 'pair', up: false, changes: [], differs: true }, { colour: false })
    assert.equal(down, 'pair is not up\n')
  })
})
