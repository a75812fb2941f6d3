/** A share of the suite where an ordinary user is root; `npm run test:rootless` takes any of it there (docs/rootless.md says what differs). */
import assert from 'node:assert/strict'
import { asUser } from './user.js'

describe('without root: the suite', () => {
  it('finds labs in the kernel as root does', () => {
    const specs = ['test/kernel/space.spec.ts', 'test/kernel/conversation.spec.ts', 'test/lifecycle.spec.ts']
    // A tap takes /dev/net/tun, which is root's alone on some machines.
    const script = `cd /run/checkout
      node --import tsx test/rootless/suite.ts --reporter dot --grep '\\btaps?\\b' --invert ${specs.join(' ')}`
    const { status, stdout, stderr } = asUser(script)
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, /[3-9]\d passing/)
  })
})
