/** docs/rootless.md says which tests are not run as an ordinary user, and no other is left out. */
import assert from 'node:assert/strict'
import { page, read, write } from './differs.js'

describe('the suite without root', () => {
  it('leaves out what docs/rootless.md says; UPDATE=1 makes it so', () => {
    if (process.env.UPDATE) write()
    assert.equal(read(), page())
    assert.match(read(), /\| not run \| why \|/)
  })
})
