import assert from 'node:assert/strict'
import { editDistance } from '../../src/model/distance.js'

describe('the distance of two words', () => {
  it('counts a swap of neighbours as one slip', () => {
    assert.equal(editDistance('brigde', 'bridge'), 1)
    assert.equal(editDistance('', 'abc'), 3)
    assert.equal(editDistance('kitten', 'sitting'), 3)
  })
})
