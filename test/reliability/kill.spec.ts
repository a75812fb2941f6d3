/** A share of what `npm run reliability:kill` does: killed at instants spread over up, change and down, nothing is left. */
import assert from 'node:assert/strict'
import { driven } from './driver.js'

describe('a run that is killed', () => {
  it('leaves nothing that the next one does not mend, and touches nothing of others', () => {
    const said = driven('kill', '--instants', '24', '--moments', '4', '--hosted', '8', '--seed', '3')
    const [, kills, missed] = /^(\d+) kills at \d+ places, (\d+) missed/m.exec(said) ?? []
    assert.equal(Number(kills) + Number(missed), 36, said)
    // Some runs end before their instant comes: how many depends on what V8 keeps between starts, and on the machine.
    assert.ok(Number(kills) >= 20, said)
  })
})
