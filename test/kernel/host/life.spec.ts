import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { intoHost } from '../../../src/kernel/host/into.js'
import { refusalIn } from '../../../src/kernel/host/launch.js'
import { processStat } from '../../../src/kernel/host/living.js'
import { SystemError } from '../../../src/kernel/kernel.js'
import { linux } from '../../../src/kernel/linux.js'
import { until } from '../../support/until.js'
import { labName, recordOf } from '../lab.js'
import { hostOf, withHost } from './hosts.js'

/** Starts a command in the host that stays; how to know whether it does. */
function stay([program, ...rest]: readonly [string, ...string[]]): {
  readonly gone: () => boolean
  readonly pid: number
} {
  const child = spawn(program, rest, { stdio: 'ignore' })
  return { pid: child.pid!, gone: () => child.exitCode !== null || child.signalCode !== null }
}

const running = (pid: number) => !['Z', 'X', undefined].includes(processStat(pid)?.state)

describe('a host’s life', () => {
  it('takes along, with its init, what runs in its PID namespace; made anew, it is another', () =>
    withHost(hostOf(['mount', 'pid']), async ({ space, pid, words }) => {
      const { gone } = stay(words('sleep', 'infinity'))
      process.kill(pid, 'SIGKILL')
      await until('the command ends with the init', gone)
      assert.deepEqual(space.readHost('a'), { files: [], processes: [] })
      space.createHost(hostOf(['mount', 'pid']))
      assert.notEqual(space.readHost('a').host?.pid, pid)
    }))

  it('ends what a killed init has left in other namespaces when it is made anew, or removed', () =>
    withHost(hostOf(['mount']), async ({ space, pid, words }) => {
      // It has left the node's network, as a lab in the lab does.
      const left = stay(words('unshare', '-n', 'sleep', 'infinity'))
      const plain = stay(['nsenter', `--net=/run/netns/${space.lab}.a`, 'sleep', 'infinity'])
      await until('both run', () =>
        [left.pid, plain.pid].every(each => /^sleep/.test(readFileSync(`/proc/${each}/cmdline`, 'latin1'))),
      )
      process.kill(pid, 'SIGKILL')
      await until('the init has ended', () => !running(pid))
      space.removeHost('a')
      await until('it ends', left.gone)
      assert.ok(!plain.gone(), 'what is in the network alone stays')
      space.removeNode('a')
      await until('it ends with the node', plain.gone)
    }))

  for (const killed of [false, true])
    it(`ends what has left it for namespaces below its own users${killed ? ', though its init was killed' : ''}`, () =>
      withHost(hostOf(['mount', 'user']), async ({ space, pid, words }) => {
        // As the host of a lab in the lab: nothing that it is in is the node's, but all of it was made there.
        const own = ['unshare', '--user', '--map-root-user', '--mount', '--uts', '--ipc', '--net']
        const deaf = `trap '' TERM; echo up > /dev/shm/${space.lab}; while :; do sleep 1000; done`
        const left = stay(words(...own, ...own, 'sh', '-c', deaf))
        // Another's, in user namespaces that the node has not made.
        const beside = stay(['unshare', ...own.slice(1), ...own, 'sleep', 'infinity'])
        try {
          const up = `/dev/shm/${space.lab}`
          await until('it is deaf', () => existsSync(up))
          rmSync(up)
          if (killed) process.kill(pid, 'SIGKILL')
          await until('the init is as it is to be', () => running(pid) === !killed)
          space.removeHost('a')
          await until('it ends', left.gone)
          assert.ok(!beside.gone())
        } finally {
          for (const one of [left, beside]) if (!one.gone()) process.kill(one.pid, 'SIGKILL')
        }
      }))

  it('leaves nothing once it is mended, when its init was killed; hosts that live stay', () =>
    withHost(hostOf(['mount', 'pid']), async ({ space, pid }) => {
      space.mendHosts()
      assert.equal(space.readHost('a').host?.pid, pid)
      process.kill(pid, 'SIGKILL')
      await until('the init has ended', () => !running(pid))
      space.mendHosts()
      const left = ['host/a', 'uts/a'].filter(path => existsSync(`/run/nstopo/${space.lab}/${path}`))
      assert.deepEqual(left, [])
    }))

  it('is over with its lab, whatever runs in it', async () => {
    const space = linux().space(labName())
    space.create(recordOf(space.lab))
    const pids: number[] = []
    try {
      for (const [node, isolate] of [
        ['a', ['mount', 'pid']],
        ['b', []],
        ['c', ['mount', 'pid', 'user', 'cgroup']],
      ] as const) {
        space.createNode(node)
        space.createHost({ ...hostOf(isolate), node })
        pids.push(space.readHost(node).host!.pid!)
      }
    } finally {
      const { holders } = space.remove()
      assert.deepEqual(holders, [])
    }
    for (const pid of pids) assert.ok(!running(pid), `${pid}`)
  })

  it('changes its name, its limits and its environment while it goes on', () =>
    withHost(hostOf(['mount', 'pid']), ({ space, pid, inside }) => {
      const changed = hostOf(['mount', 'pid'], { hostname: 'other', environment: { ROLE: 'x' }, limits: { pids: 50 } })
      space.updateHost(changed)
      assert.deepEqual(space.readHost('a').host, { ...changed, pid })
      assert.equal(inside('hostname'), 'other')
      assert.match(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), new RegExp(`/nstopo-${space.lab}-`))
      assert.match(inside('cat', '/proc/self/cgroup'), new RegExp(`/nstopo-${space.lab}-`))
      inside('hostname', 'by-hand')
      assert.equal(space.readHost('a').host?.hostname, 'by-hand')
    }))

  it('does not begin where a step is refused, which is named', () =>
    withHost(hostOf(['mount']), ({ space }) => {
      assert.throws(
        () => space.createHost(hostOf(['mount', 'pid'], { hostname: 'x'.repeat(65) })),
        (error: unknown) => error instanceof SystemError && error.operation === `set the hostname ${'x'.repeat(65)}`,
      )
      assert.deepEqual(space.readHost('a'), { files: [], processes: [] })
      const stranger = { init: { pid: process.pid, start: 1 }, host: hostOf([]), groups: [] }
      const [program, ...words] = intoHost(stranger, ['true'])
      const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' })
      assert.equal(status, 125)
      assert.equal(refusalIn(stderr)?.errno, 'ESRCH')
    }))
})
