import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Change } from '../../src/model/plan.js'
import { patience } from '../../src/pipeline/patience.js'

const lost = (name: string): Change => ({
  state: 'missing',
  desired: { type: 'sysctl', node: 'h1', name, value: '1' },
})
const [one, other] = [lost('net.a'), lost('net.b')]

describe('patience', () => {
  it('heals three times at once, then after a second, two, four, at most five minutes', () => {
    const of = patience()
    const tries: number[] = []
    // Undone as soon as it is healed.
    for (let now = 0; tries.length < 14; now = Math.max(now, of.due([one]))) {
      of.tried([one], now)
      tries.push(now)
    }
    const waits = tries.slice(1).map((at, index) => at - tries[index]!)
    assert.deepEqual(waits.slice(0, 5), [0, 0, 1000, 2000, 4000])
    assert.equal(Math.max(...waits), 300_000)
  })

  it('begins anew where one is left alone for a minute', () => {
    const of = patience()
    for (let round = 0; round < 4; round++) of.tried([one], 0)
    assert.equal(of.due([one]), 2000)
    of.tried([other], 62_001)
    assert.equal(of.due([one]), 0)
    assert.deepEqual(of.fought([one]), [])
  })

  it('does not try at once again what was in vain', () => {
    const of = patience()
    of.tried([one], 5, true)
    assert.equal(of.due([one]), 1005)
    assert.deepEqual(of.fought([one, other]), [one])
  })

  it('heals along what would have to wait, and nothing where nothing differs', () => {
    const of = patience()
    of.tried([one], 0, true)
    assert.equal(of.due([one, other]), 0)
    assert.equal(of.due([]), Number.POSITIVE_INFINITY)
  })

  it('never tries more than so often, whenever it is undone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50_000 }), { maxLength: 60 }), pauses => {
        const of = patience()
        let now = 0
        for (const pause of pauses) {
          now = Math.max(now + pause, of.due([one]))
          of.tried([one], now)
          assert.ok(of.due([one]) === 0 || of.due([one]) - now <= 300_000)
        }
        // A minute of calm is the least between two tries that start anew: so the waits add up.
        assert.ok(pauses.length < 4 || now >= 1000)
      }),
    )
  })
})
