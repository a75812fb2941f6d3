import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { processStat } from '../../../src/kernel/host/living.js'
import { until } from '../../support/until.js'
import { hostOf, type Lab, withHost } from './hosts.js'

const enter = (space: Lab['space'], ...words: readonly string[]) =>
  spawnSync('node', ['--import', 'tsx', 'test/kernel/programs/enter.ts', space.lab, 'a', ...words], {
    encoding: 'utf8',
  })

describe('entering a host', () => {
  for (const isolate of [['mount', 'pid'], ['mount']] as const)
    it(`gives the command its own status, signals and streams, with ${isolate.join(' and ')} of its own`, () =>
      withHost(hostOf(isolate, { environment: { GREETING: 'from the host', ROLE: 'web' } }), ({ space, words }) => {
        const { status, stdout, stderr } = enter(
          space,
          'sh',
          '-c',
          'hostname; echo "$GREETING, $ROLE"; grep -E "^Sig(Ign|Blk)" /proc/self/status; exit 7',
        )
        assert.equal(stderr, '')
        assert.equal(status, 7)
        const [name, greeting, ...signals] = stdout.trim().split('\n')
        assert.equal(name, 'web.example')
        assert.equal(greeting, 'from the host, web')
        assert.ok(
          signals.every(line => /\t0+$/.test(line)),
          signals.join(),
        )
        const start = (...command: readonly string[]) => {
          const [program, ...rest] = words(...command)
          return spawnSync(program, rest)
        }
        assert.equal(start('sh', '-c', 'kill -KILL $$').signal, 'SIGKILL')
        assert.equal(start('no-such-command-anywhere').status, 127)
        assert.equal(start('/etc/passwd').status, 126)
      }))

  it('passes signals to the command, which ends with whoever waits for it', () =>
    withHost(hostOf(['mount', 'pid']), async ({ words, pid, space }) => {
      const [program, ...rest] = words('sh', '-c', 'trap "exit 3" USR1; echo ready; while :; do sleep 0.01; done')
      const first = spawn(program, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
      await new Promise(resolve => first.stdout.once('data', resolve))
      first.kill('SIGUSR1')
      await until('it ends by the signal', () => first.exitCode !== null)
      assert.equal(first.exitCode, 3)
      const second = spawn(program, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
      await new Promise(resolve => second.stdout.once('data', resolve))
      const [child] = readFileSync(`/proc/${second.pid}/task/${second.pid}/children`, 'utf8').split(' ')
      second.kill('SIGKILL')
      await until('the command ends too', () => ['Z', undefined].includes(processStat(Number(child))?.state))
      process.kill(pid, 'SIGKILL')
      await until('the init has ended', () => space.readHost('a').host === undefined)
      const { status, stderr } = enter(space, 'true')
      assert.notEqual(status, 0)
      assert.match(stderr, /its init has ended/)
    }))

  it('shows the node’s interfaces where only its users are its own', () => {
    const ids = [{ inside: 0, outside: 100000, count: 65536 }]
    return withHost(hostOf(['user'], { users: { uids: ids, gids: ids } }), ({ inside }) => {
      assert.equal(inside('sh', '-c', 'id -u; hostname; ls /sys/class/net'), '0\nweb.example\nlo')
    })
  })

  it('becomes a user of the host’s own, in a folder of its', () =>
    withHost(hostOf(['mount', 'pid']), ({ words }) => {
      const as = (user: string, ...command: readonly string[]) => {
        const [program, ...rest] = words(...command)
        const at = rest.indexOf('--')
        return spawnSync(program, [...rest.slice(0, at), 'user', user, 'workdir', '/tmp', ...rest.slice(at)], {
          encoding: 'utf8',
        })
      }
      const script = 'id -u; id -g; pwd; echo $HOME $USER; grep -c "^CapEff:.0*$" /proc/self/status'
      assert.equal(as('nobody', 'sh', '-c', script).stdout, '65534\n65534\n/tmp\n/nonexistent nobody\n1\n')
      assert.equal(as('1234', 'id', '-u').stdout, '1234\n')
      const unknown = as('nobody-at-all', 'id')
      assert.equal(unknown.status, 125)
      assert.match(unknown.stderr, /become the user nobody-at-all/)
    }))
})
