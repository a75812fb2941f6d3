/** Commands run by the root of a user namespace that somebody else has made, with the machine's own UTS namespace. */
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

describe('a user namespace without a UTS namespace of its own', () => {
  it('lets labs of hosts up, be looked at, changed and taken down', function () {
    if (!isApartPossible) return this.skip()
    const script = `mount -t tmpfs tmpfs /run; exec 2>&1
      for words in 'up -q lab.yaml' 'diff lab' 'exec lab a -- hostname' 'ps lab' 'ls' 'up -q lab.yaml' \
        'exec lab b -- hostname' 'down -q lab'; do
        $N $words >said || { echo "$words: $?"; cat said; }
        sed -i s/beta/gamma/ lab.yaml
        case $words in exec*) cat said ;; esac
      done
      hostname; ls -A /run/nstopo 2>/dev/null; true`
    const [command, ...words] = apart
    const said = inFolder({ 'lab.yaml': lab }, cwd =>
      execFileSync(command, [...words, 'sh', '-c', script], {
        ...{ cwd, encoding: 'utf8', timeout: 300_000, killSignal: 'SIGKILL' },
        env: { PATH: process.env.PATH ?? '', HOME: '/root', N: program },
      }),
    )
    const own = execFileSync('hostname', { encoding: 'utf8' })
    assert.equal(said, `alpha\ngamma\n${own}`)
  })
})
