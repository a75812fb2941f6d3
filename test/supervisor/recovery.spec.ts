import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { MNT_DETACH } from '../../native/constants.js'
import { umount2 } from '../../native/libc.js'
import { livingSupervisor } from '../../src/kernel/host/supervisor.js'
import type { Ready } from '../../src/model/network.js'
import type { Order } from '../../src/model/plan.js'
import type { Process } from '../../src/model/state.js'
import { kindOf } from '../../src/resources/index.js'
import { until } from '../support/until.js'
import { type Lab, shell, textOf, withHosts } from './support.js'

const sleeps = 'exec sleep infinity'
const log = (pattern: string): Ready => ({ by: 'log', pattern, timeout: 300 })
const start = (process: Process): Order => ({ do: 'start', process })

/** Kills the lab's supervisor, if one lives, and waits until it has ended. */
async function kill(lab: Lab): Promise<void> {
  const living = livingSupervisor(lab.folder)
  if (!living) return
  process.kill(living.pid, 'SIGKILL')
  await until('it has ended', () => livingSupervisor(lab.folder) === undefined)
}

/** Nothing changes, but somebody is there again. */
const wake = (lab: Lab) => lab.give([{ do: 'stop', node: 'a', name: 'unheard-of', forget: true }])

describe('a supervisor that was killed', () => {
  for (const isolate of [['mount', 'pid'], []] as const)
    it(`has a successor that takes over what lives${isolate.length > 0 ? '' : ', in the machine’s PID namespace'}`, () =>
      withHosts(
        ['a'],
        async lab => {
          const steady = shell('steady', `trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.01; done`, {
            ready: log('^up$'),
          })
          await lab.start(steady)
          const before = lab.seen('steady')
          await kill(lab)
          assert.deepEqual(lab.seen('steady'), { ...before, unsupervised: true })
          const [observed] = lab.space.readHost('a').processes
          const changes = [{ field: 'supervisor', from: 'killed', to: 'living' }]
          assert.deepEqual(kindOf('process').compare(steady, observed!), changes)
          await lab.start(steady)
          assert.deepEqual(lab.seen('steady'), before)
          await until('one runs', () => lab.programs().filter(line => line.startsWith('sh -c')).length === 1)
          // It is heard, and stopped, as before.
          assert.deepEqual(await lab.give([{ do: 'stop', node: 'a', name: 'steady', forget: false }]), [])
          assert.equal(textOf(lab.space, 'steady'), 'up\nbye\n')
          assert.deepEqual(lab.programs(), [])
        },
        [...isolate],
      ))

  it('leaves what becomes ready, and what is written, for its successor to see', () =>
    withHosts(['a'], async lab => {
      const go = `/tmp/${lab.space.lab}`
      const slow = shell('slow', `echo up; while [ ! -e ${go} ]; do sleep 0.01; done; rm ${go}; echo now; ${sleeps}`, {
        ready: log('^now$'),
      })
      const given = lab.give([start(slow)])
      await until('it runs', () => textOf(lab.space, 'slow') === 'up\n')
      await kill(lab)
      writeFileSync(go, '')
      // Who had ordered it has started another supervisor.
      assert.deepEqual(await given, [])
      assert.equal(lab.seen('slow')?.state, 'ready')
      // It was not started anew.
      assert.equal(textOf(lab.space, 'slow'), 'up\nnow\n')
    }))

  it('keeps a program waiting that writes more than a pipe holds, and nothing of it is lost', () =>
    withHosts(['a'], async lab => {
      const go = `/tmp/${lab.space.lab}`
      const script = `while [ ! -e ${go} ]; do sleep 0.01; done; rm ${go}; seq 100000; echo over; ${sleeps}`
      await lab.start(shell('talker', script, { log: 4_000_000 }))
      await kill(lab)
      writeFileSync(go, '')
      // What is full stays so, until somebody reads: seq is still there, and asleep.
      await until('seq waits', () => lab.programs().includes('seq 100000'))
      assert.deepEqual(await wake(lab), [])
      await until('it is over', () => textOf(lab.space, 'talker').endsWith('over\n'))
      const lines = Array.from({ length: 100_000 }, (_, i) => i + 1)
      assert.equal(textOf(lab.space, 'talker'), `${lines.join('\n')}\nover\n`)
    }))

  it('leaves what ends meanwhile to be told honestly, and started again where it is to be', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('once', sleeps), shell('again', sleeps, { restart: 'on-failure' }))
      const before = [lab.seen('once')!.pid!, lab.seen('again')!.pid!]
      await kill(lab)
      for (const pid of before) process.kill(pid, 'SIGKILL')
      await until('both are gone', () => ['once', 'again'].every(name => lab.seen(name)?.state !== 'running'))
      assert.deepEqual(
        [lab.seen('once'), lab.seen('again')].map(seen => [seen?.state, seen?.ended]),
        [
          ['exited', 'unknown'],
          ['exited', 'unknown'],
        ],
      )
      await wake(lab)
      await until('it runs again', () => lab.seen('again')?.state === 'running')
      assert.deepEqual([lab.seen('again')?.restarts, lab.seen('once')?.state], [1, 'exited'])
      assert.deepEqual(lab.programs(), ['sleep infinity'])
    }))

  it('never makes one process two, whenever it is killed', () =>
    withHosts(['a', 'b'], async lab => {
      const names = ['p', 'q', 'r']
      const processes = ['a', 'b'].flatMap(node =>
        names.map((name, index) => {
          const needs = index === 0 ? [] : [{ node, process: names[index - 1]! }]
          // As long as it has the lock nobody else can: the second one would say so.
          const script = `exec 9> /run/${name}; flock -n 9 || echo twice; echo up; exec sleep 100${index}`
          return shell(name, script, { node, needs, ready: log('^up$') })
        }),
      )
      for (let round = 0; round < 12; round++) {
        const given = lab.give(processes.map(start))
        await pause(round * 7)
        await kill(lab)
        assert.deepEqual(await given, [])
        const all = ['sleep 1000', 'sleep 1000', 'sleep 1001', 'sleep 1001', 'sleep 1002', 'sleep 1002']
        await until('each runs once', () => lab.programs().join() === all.join())
        for (const { name, node } of processes) assert.ok(!textOf(lab.space, name, node).includes('twice'))
        if (round % 3 > 0) continue
        const stop = (process: Process): Order => ({ do: 'stop', node: process.node, name: process.name, forget: true })
        const stopped = lab.give(processes.map(stop))
        await pause(round)
        await kill(lab)
        assert.deepEqual(await stopped, [])
        assert.deepEqual(lab.programs(), [])
      }
    }))

  it('leaves a lab that can be taken away', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('deaf', `trap '' TERM; echo up; while :; do sleep 0.01; done`))
      await kill(lab)
      lab.space.remove()
      assert.deepEqual(lab.programs(), [])
      assert.ok(!existsSync(lab.folder))
    }))
})

describe('a supervisor', () => {
  it('ends with the lab that is unmounted under its feet', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('one', sleeps))
      const { pid } = livingSupervisor(lab.folder)!
      const program = lab.seen('one')!.pid
      const init = lab.space.readHost('a').host!.pid!
      umount2(lab.folder, MNT_DETACH)
      await until('it ends', () => !existsSync(`/proc/${pid}`) && !existsSync(`/proc/${program}`))
      // What it was recorded in has gone with the lab: nobody else knows of it.
      process.kill(init, 'SIGKILL')
    }))

  it('that stands still keeps nobody who is interrupted', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('one', sleeps))
      const { pid } = livingSupervisor(lab.folder)!
      process.kill(pid, 'SIGSTOP')
      const refused = await lab.give([start(shell('two', sleeps))], { signal: AbortSignal.timeout(10) })
      assert.deepEqual(refused, [{ index: 0, reason: 'interrupted', output: [] }])
    }))

  it('is one, however many ask for it at once, in no node and with nothing of its caller’s', () =>
    withHosts(['a'], async lab => {
      const processes = ['x', 'y', 'z'].map(name => shell(name, sleeps))
      await Promise.all(processes.map(process => lab.start(process)))
      await until('all sleep', () => lab.programs().join() === 'sleep infinity,sleep infinity,sleep infinity')
      const living = livingSupervisor(lab.folder)!
      const [, , , , group, session, terminal] = readFileSync(`/proc/${living.pid}/stat`, 'utf8').split(' ')
      assert.deepEqual([group, session, terminal], [`${living.pid}`, `${living.pid}`, '0'])
    }))
})
