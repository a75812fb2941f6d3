/** Commands run by the root of a user namespace that somebody else has made: one id is mapped, and the UTS namespace is the machine's own. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { apart, isApartPossible } from '../support/apart.js'
import { inFolder, root } from './program.js'

const lab = `
name: lab
nodes:
  a: { hostname: alpha, isolate: [pid, mount], processes: { p: { command: [sleep, infinity] } } }
  b: { hostname: beta }
links:
  - [a, b]
`
const program = `${process.execPath} ${root}dist/nstopo.cjs`

/** What a script says, line by line, `$N` being the program and `lab.yaml` the topology. */
function said(script: string): readonly string[] {
  const [command, ...words] = apart
  const output = inFolder({ 'lab.yaml': lab }, cwd =>
    execFileSync(command, [...words, 'sh', '-c', `mount -t tmpfs tmpfs /run; exec 2>&1; ${script}`], {
      ...{ cwd, encoding: 'utf8', timeout: 300_000, killSignal: 'SIGKILL' },
      env: { PATH: process.env.PATH ?? '', HOME: '/root', N: program },
    }),
  )
  return output.trimEnd().split('\n')
}

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
    assert.deepEqual(said(script), ['alpha', 'gamma', own, 'gone'])
  })

  it('is told that there is no other user to become', () => {
    const lines = said(
      '$N up -q lab.yaml; for node in a b; do $N exec --user nobody lab $node -- id; done; $N down -q lab',
    )
    const line =
      'nstopo: become the user nobody, whose ids this user namespace does not have (nstopo doctor): Invalid argument [22]'
    assert.deepEqual(lines, [line, line])
  })
})
