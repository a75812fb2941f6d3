/** The law of the order: everything comes after what it needs, and stays where it was otherwise. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { order } from '../../src/passes/order.js'

interface Thing {
  readonly id: number
  readonly needs: readonly string[]
}

const about = {
  needs: (thing: Thing) => thing.needs,
  provides: (thing: Thing) => [`${thing.id}`, thing.id % 2 === 0 ? 'even' : 'odd'],
  name: (thing: Thing) => `${thing.id}`,
}

/** Things that need only things of smaller numbers, in any order. */
const things = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 })
  .map(lists => lists.map((list, id): Thing => ({ id, needs: list.filter(other => other < id).map(String) })))
  .chain(list => fc.shuffledSubarray(list, { minLength: list.length }))

describe('order', () => {
  it('puts everything after what it needs, and loses nothing', () => {
    fc.assert(
      fc.property(things, list => {
        const ordered = order(list, about)
        assert.deepEqual(new Set(ordered), new Set(list))
        const place = new Map(ordered.map((thing, index) => [`${thing.id}`, index]))
        for (const [index, thing] of ordered.entries())
          for (const need of thing.needs) assert.ok((place.get(need) ?? -1) < index)
      }),
    )
  })

  it('keeps an order that satisfies the needs already', () => {
    fc.assert(
      fc.property(things, list => {
        const ordered = order(list, about)
        assert.deepEqual(order(ordered, about), ordered)
      }),
    )
  })

  it('waits for all that provide a name', () => {
    const [last, ...rest] = [
      { id: 9, needs: ['even'] },
      { id: 2, needs: [] },
      { id: 4, needs: ['3'] },
      { id: 3, needs: [] },
    ]
    assert.deepEqual(
      order([last!, ...rest], about).map(thing => thing.id),
      [2, 3, 4, 9],
    )
  })

  it('names what goes in a circle', () => {
    assert.throws(
      () =>
        order(
          [
            { id: 1, needs: ['2'] },
            { id: 2, needs: ['1'] },
          ],
          about,
        ),
      /circle: 1 → 2 → 1/,
    )
  })
})
