/** Commands run by the root of a user namespace that somebody else has made: one id is mapped, and the UTS namespace is the machine's own. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { isApartPossible, scripted } from '../support/apart.js'

const lab = `
name: lab
nodes:
  a: { hostname: alpha, isolate: [pid, mount], processes: { p: { command: [sleep, infinity] } } }
  b: { hostname: beta }
links:
  - [a, b]
`
const linesOf = (script: string) => scripted(script, lab).trimEnd().split('\n')

describe('the root of a user namespace that somebody else has made', () => {
  before(function () {
    if (!isApartPossible) this.skip()
  })

  it('has labs of hosts up, looks at them, changes them and takes them down', () => {
    const script = `for words in 'up -q lab.yaml' 'diff lab' 'exec lab a -- hostname' 'ps lab' 'ls' 'up -q lab.yaml' \
        'exec lab b -- hostname' 'down -q lab'; do
        $N $words >said || { echo "$words: $?"; cat said; }
        case $words in exec*) cat said ;; esac
        sed -i s/beta/gamma/ lab.yaml
      done
      hostname; [ -e /run/nstopo ] || echo gone`
    const own = execFileSync('hostname', { encoding: 'utf8' }).trimEnd()
    assert.deepEqual(linesOf(script), ['alpha', 'gamma', own, 'gone'])
  })

  it('is told that there is no other user to become', () => {
    const lines = linesOf(
      '$N up -q lab.yaml; for node in a b; do $N exec --user nobody lab $node -- id; done; $N down -q lab',
    )
    const line =
      'nstopo: become the user nobody, whose ids this user namespace does not have (nstopo doctor): Invalid argument [22]'
    assert.deepEqual(lines, [line, line])
  })
})
