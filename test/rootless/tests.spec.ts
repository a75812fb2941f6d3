import assert from 'node:assert/strict'
import { asUser, threeNodes } from './user.js'

describe('rootless: tests of a file', () => {
  it('are run for an ordinary user, and explained', () => {
    const { stdout, stderr } = asUser(`${threeNodes}
cat >> lab.yaml <<'END'
tests:
  - reach: { from: a, to: b }
  - reach: { from: a, to: c, within: 10ms }
  - mtu: { from: a, to: b, is: 1500 }
END
nstopo test lab.yaml; echo "status $?"; nstopo ls`)
    assert.match(
      stdout,
      /✔ reach: a → b .*\n✘ reach: a → c .*\n {4}a → c ends at a: no route to 10\.0\.1\.0\/24 in table main\n✔ mtu/,
    )
    assert.match(stdout, /status 1\nno lab is up\n/, stderr)
  })
})
