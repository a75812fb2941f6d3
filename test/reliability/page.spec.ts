/** docs/reliability.md says what the drivers found, and no figure of its own. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { page, read } from './page.js'

describe('docs/reliability.md', () => {
  it('has the figures of the last full run; npm run reliability makes them', () => {
    assert.equal(read(), page())
    assert.match(read(), /### Killed at any instant\n/)
  })

  it('names tests that are there', () => {
    const named = [...read().matchAll(/`(test\/[\w/.-]+)`/g)].map(([, name]) => name!)
    assert.ok(named.length > 5)
    assert.deepEqual(
      named.filter(name => !existsSync(name)),
      [],
    )
  })
})
