/** Whatever text there is, it is a topology or it is refused with places that lie within it. */
import assert from 'node:assert/strict'
import { survives } from '../passes/parse-survives.js'
import { fuzz, prototypeIsUntouched } from './runner.js'
import { hostileText } from './texts.js'

describe('a topology of any text', function () {
  this.timeout(3_600_000)

  it('is compiled or refused, and changes nothing else', () => {
    let compiled = 0
    fuzz({
      what: 'topologies, parsed, validated and resolved',
      share: 6_000,
      make: hostileText,
      check(text) {
        if (survives(text)) compiled++
        assert.ok(prototypeIsUntouched())
      },
    })
    assert.ok(compiled > 0 || process.env.FUZZ === '1')
  })
})
