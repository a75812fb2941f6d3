import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parsePlan } from '../../src/render/saved-plan.js'
import { pair, route } from './values.js'

const plan = { lab: 'pair', operations: [pair, { verb: 'create', resource: route('h1') }], fingerprint: 'x' }
const text = (result: unknown) => JSON.stringify({ command: 'plan', status: 0, diagnostics: [], result })

describe('render: a saved plan', () => {
  it('comes back as it was', () => {
    assert.deepEqual(parsePlan(text(plan)), plan)
  })

  it('is refused when it is none, whatever stands there', () => {
    assert.match(`${parsePlan('{')}`, /JSON/)
    assert.equal(parsePlan('{}'), 'it has no result')
    assert.match(`${parsePlan(text({ ...plan, operations: [{ verb: 'explode' }] }))}`, /result\/operations\/0/)
    fc.assert(fc.property(fc.json(), json => typeof parsePlan(text(JSON.parse(json))) === 'string'))
  })
})
