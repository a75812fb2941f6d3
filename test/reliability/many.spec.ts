/** A share of what `npm run reliability:many` does: labs side by side have nothing in common, runs of one lab take turns. */
import assert from 'node:assert/strict'
import { driven } from './driver.js'

describe('many runs at once', () => {
  it('32 labs in random order of up, change and down are each as if alone', () => {
    assert.match(driven('many', '--steps', '3'), /^96 runs, 32 at once/)
  })
})
