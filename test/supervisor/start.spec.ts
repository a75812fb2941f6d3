import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Ready } from '../../src/model/network.js'
import type { Order } from '../../src/model/plan.js'
import type { Process } from '../../src/model/state.js'
import { until } from '../support/until.js'
import { shell, textOf, withHosts } from './support.js'

const sleeps = 'exec sleep infinity'
const start = (process: Process): Order => ({ do: 'start', process })
/** A program of node:net and its kin. */
const node = (script: string) => [process.execPath, '-e', script]
const log = (pattern: string): Ready => ({ by: 'log', pattern, timeout: 300 })

describe('starting processes', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(`${tmpdir()}/supervisor-`)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('runs them in their host, and tells which process it is', () =>
    withHosts(['a'], async lab => {
      const environment = { ROLE: 'web' }
      const script = `echo "$$ $(hostname) $ROLE $PATH $(umask) $(pwd) $(ulimit -n)"; echo "$(ls /proc/self/fd | xargs)" >&2; ${sleeps}`
      await lab.start(shell('one', script, { environment, workdir: '/tmp' }))
      await until('two lines', () => textOf(lab.space, 'one').split('\n').length === 3)
      const [first, second] = textOf(lab.space, 'one').split('\n')
      assert.match(first!, /^\d{1,2} a web \/usr\/local\/sbin:\S+ 0022 \/tmp 1024$/)
      assert.equal(second, '0 1 2 3')
      const { state, pid, restarts } = lab.seen('one')!
      assert.deepEqual({ state, restarts }, { state: 'running', restarts: 0 })
      await until('it sleeps', () => lab.commandOf(pid) === 'sleep infinity')
      assert.deepEqual(lab.programs(), ['sleep infinity'])
    }))

  it('runs them without a PID namespace too, and as another user', () =>
    withHosts(
      ['a'],
      async lab => {
        await lab.start(shell('one', `id -un; echo again > /dev/stdout; ${sleeps}`, { user: 'nobody' }))
        await until('two lines', () => textOf(lab.space, 'one') === 'nobody\nagain\n')
        await until('it sleeps', () => lab.commandOf(lab.seen('one')!.pid) === 'sleep infinity')
      },
      [],
    ))

  it('waits for what a process needs, in whatever order they are told', () =>
    withHosts(['a', 'b'], async lab => {
      const mark = `${folder}/needs`
      const first = shell('first', `sleep 0.2; touch ${mark}; echo up; ${sleeps}`, { node: 'b', ready: log('^up$') })
      const second = shell('second', `ls ${mark}; ${sleeps}`, { needs: [{ node: 'b', process: 'first' }] })
      await lab.start(second, first)
      assert.equal(lab.seen('first', 'b')?.state, 'ready')
      await until('output', () => textOf(lab.space, 'second') === `${mark}\n`)
      // Later, too: it stands.
      const third = shell('third', sleeps, { needs: [{ node: 'a', process: 'second' }] })
      await lab.start(third)
    }))

  it('calls it ready when something listens, of either protocol and family', () =>
    withHosts(['a'], async lab => {
      const listen = (protocol: 'tcp' | 'udp', port: number): Partial<Process> => ({
        ready: { by: 'listen', protocol, port, timeout: 300 },
      })
      await lab.start(
        { ...shell('four', '', listen('tcp', 80)), command: node("net.createServer().listen(80, '0.0.0.0')") },
        {
          ...shell('six', '', listen('tcp', 81)),
          command: node("net.createServer().listen({ port: 81, host: '::', ipv6Only: true })"),
        },
        { ...shell('udp', '', listen('udp', 53)), command: node("dgram.createSocket('udp4').bind(53)") },
      )
      assert.deepEqual(
        ['four', 'six', 'udp'].map(name => lab.seen(name)?.state),
        ['ready', 'ready', 'ready'],
      )
    }))

  it('calls it ready when a command ends well, or after a time', () =>
    withHosts(['a'], async lab => {
      const mark = `${folder}/command`
      const asked: Ready = { by: 'command', command: ['test', '-e', mark], timeout: 300 }
      await lab.start(
        shell('command', `sleep 0.2; touch ${mark}; ${sleeps}`, { ready: asked }),
        shell('after', sleeps, { ready: { by: 'after', seconds: 0.1, timeout: 300 } }),
      )
      assert.ok(existsSync(mark))
      assert.equal(lab.seen('after')?.state, 'ready')
      await until('both sleep', () => lab.programs().join() === 'sleep infinity,sleep infinity')
    }))

  it('says why one is not ready, and what needs it is not started', () =>
    withHosts(['a'], async lab => {
      const needs = [{ node: 'a', process: 'ends' }]
      const refused = await lab.give([
        start(shell('ends', 'seq 1 20; echo the last >&2; exit 3', { ready: log('never') })),
        start(shell('killed', 'kill -USR1 $$', { ready: log('never') })),
        start(shell('slow', `echo hello; ${sleeps}`, { ready: { by: 'log', pattern: 'never', timeout: 0.2 } })),
        start({ ...shell('missing', ''), command: ['no-such-program', 'x'] }),
        start({ ...shell('folder', ''), command: ['/etc'] }),
        start(shell('stranger', sleeps, { user: 'no-such-user' })),
        start(shell('after', sleeps, { needs })),
        start(shell('good', sleeps)),
      ])
      assert.deepEqual(
        refused.map(({ index, reason }) => [index, reason]),
        [
          [0, 'ended with status 3 before it was ready'],
          [1, 'was ended by SIGUSR1 before it was ready'],
          [2, 'was not ready within 0.2 s'],
          [3, 'there is no command no-such-program'],
          [4, 'the command /etc can’t be executed: Permission denied'],
          [5, 'become the user no-such-user, whom the host’s /etc/passwd does not know: Invalid argument'],
          [6, 'needs a:ends, which did not become ready'],
        ],
      )
      assert.deepEqual(refused[0]!.output, [...Array.from({ length: 9 }, (_, i) => `${i + 12}`), 'the last'])
      assert.deepEqual(refused[2]!.output, ['hello'])
      assert.equal(lab.seen('after'), undefined)
      assert.deepEqual(
        ['ends', 'killed', 'slow', 'missing', 'good'].map(name => lab.seen(name)?.state),
        ['exited', 'exited', 'starting', 'failed', 'running'],
      )
      assert.equal(lab.seen('ends')?.ended, 'exit 3')
    }))

  it('is interrupted: what has not begun does not begin', () =>
    withHosts(['a'], async lab => {
      const { signal, abort } = controller()
      const never = shell('never', sleeps, { ready: log('never') })
      const given = lab.give(
        [start(never), start(shell('after', sleeps, { needs: [{ node: 'a', process: 'never' }] }))],
        {
          signal,
        },
      )
      await until('the first runs', () => lab.programs().length === 1)
      abort()
      assert.deepEqual(
        (await given).map(({ reason }) => reason),
        ['interrupted', 'interrupted'],
      )
      // The first is on its way still, and what needs it waits for it.
      const second = controller()
      const waits = lab.give([start(shell('after', sleeps, { needs: [{ node: 'a', process: 'never' }] }))], second)
      second.abort()
      assert.equal((await waits)[0]?.reason, 'interrupted')
      const needs = [{ node: 'a', process: 'unheard-of' }]
      const alone = await lab.give([start(shell('alone', sleeps, { needs }))])
      assert.equal(alone[0]?.reason, 'needs a:unheard-of, which does not run')
      assert.equal(lab.seen('after'), undefined)
      const aborted = await lab.give([start(shell('late', sleeps))], { signal })
      assert.deepEqual(aborted, [{ index: 0, reason: 'interrupted', output: [] }])
    }))

  it('tells how many are ready', () =>
    withHosts(['a'], async lab => {
      const told: number[] = []
      const progress = (done: number) => told.push(done)
      await lab.give(
        ['x', 'y', 'z'].map(name => start(shell(name, sleeps))),
        { progress },
      )
      assert.deepEqual(told, [1, 2, 3])
    }))
})

function controller() {
  const made = new AbortController()
  return { signal: made.signal, abort: () => made.abort() }
}
