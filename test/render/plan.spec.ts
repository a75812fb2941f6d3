import assert from 'node:assert/strict'
import { renderPlan } from '../../src/render/plan.js'
import { address, link, pair, route } from './values.js'

describe('render: a plan as text', () => {
  it('says each operation in plain words, why it is done, and how many they are', () => {
    const mtu = { field: 'mtu', from: 1500, to: 1400 }
    const text = renderPlan(
      {
        lab: 'pair',
        fingerprint: '',
        operations: [
          { verb: 'create', resource: { type: 'namespace', node: 'h1' } },
          pair,
          { verb: 'update', resource: link('h1', 'eth1', { mtu: 1400 }), changes: [mtu] },
          { verb: 'remove', resource: address('h1', 'eth0', '10.0.0.9') },
          { verb: 'create', resource: route('h1'), because: 'was lost with h1:eth0, which is replaced' },
        ],
      },
      { colour: false },
    )
    assert.equal(
      text,
      `create node h1
create link h1:eth0 ↔ h2:eth0 (veth, mtu 1500)
update link h1:eth1: mtu 1500 → 1400
remove address 10.0.0.9/24 on h1:eth0
create route of h1: default via 10.0.0.1 dev eth0
       – was lost with h1:eth0, which is replaced

pair: 5 operations: 3 to create, 1 to update, 1 to remove
`,
    )
  })

  it('says so when there is nothing to do', () => {
    const text = renderPlan({ lab: 'pair', fingerprint: '', operations: [] }, { colour: false })
    assert.equal(text, 'pair is as it should be: nothing to do\n')
  })

  it('shows what a terminal would obey, instead of letting it through', () => {
    const text = renderPlan(
      { lab: 'l', fingerprint: '', operations: [{ verb: 'create', resource: link('h1', 'a\x1b[2J\n\u202e') }] },
      { colour: false },
    )
    assert.match(text, /h1:a\\x1b\[2J\\x0a\\u202e /)
  })

  it('has colours when they are asked for, and none otherwise', () => {
    const plan = { lab: 'pair', fingerprint: '', operations: [pair] }
    assert.ok(renderPlan(plan, { colour: true }).includes('\x1b['))
    assert.ok(!renderPlan(plan, { colour: false }).includes('\x1b['))
  })
})
