/** A share of what `npm run reliability:fixtures` does: runs side by side don't meet, nor do workers. */
import assert from 'node:assert/strict'
import { driven } from './driver.js'

describe('labs as fixtures, many at once', function () {
  this.timeout(300_000)

  it('16 runs of one file, as root and not, and 4 workers of mocha don’t meet', () => {
    const found = driven('fixtures', '--times', '1')
    assert.equal([...found.matchAll(/: 1 times, 0 failures$/gm)].length, 3, found)
  })
})
