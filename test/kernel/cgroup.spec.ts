import { deepEqual, equal, match, ok, throws } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type HostGroups, hostGroups } from '../../src/kernel/host/cgroup.js'
import { findHierarchies } from '../../src/kernel/host/hierarchies.js'
import { sweepGroups } from '../../src/kernel/host/left-groups.js'
import { limitFiles } from '../../src/kernel/host/limit-files.js'
import { SystemError } from '../../src/kernel/kernel.js'
import type { Limits } from '../../src/model/network.js'
import type { Host } from '../../src/model/state.js'
import { until } from '../support/until.js'
import { labName } from './lab.js'

const mib = 1024 * 1024

const hostOf = (node: string, limits?: Limits): Host => ({
  ...{ type: 'host', node, hostname: node, isolate: ['cgroup'], environment: {} },
  ...(limits && { limits }),
})

/** Whether something limits memory and processes here. */
const limiting = findHierarchies().some(({ controllers, readOnly }) => controllers.includes('pids') && !readOnly)

describe('control groups of hosts', () => {
  before(function () {
    if (!limiting) this.skip()
  })

  let folder: string
  let groups: HostGroups
  const children: ChildProcess[] = []
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/groups-`)
    groups = hostGroups({ lab: labName(), folder })
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    groups.remove()
    rmSync(folder, { recursive: true })
  })

  /** A program that has joined the groups of a node before it became what it is. */
  function inside(node: string, ...command: readonly string[]): ChildProcess {
    const join = `for f in ${groups.folders(node).join(' ')}; do echo 0 > $f/cgroup.procs || exit 99; done; exec "$@"`
    const child = spawn('sh', ['-c', join, 'sh', ...command], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    return child
  }
  async function started(child: ChildProcess): Promise<number> {
    await once(child.stdout!, 'data')
    return child.pid!
  }
  const idle = ['sh', '-c', 'echo here; exec sleep 1000']

  it('are made in each tree with the limits that are asked for, and told as they are', () => {
    const limits = { memory: 64 * mib, cpu: 0.5, pids: 20 }
    groups.make(hostOf('a', limits))
    ok(groups.folders('a').length > 0)
    deepEqual(groups.limits('a', undefined), limits)
  })

  it('tell a limit as it was said where the kernel counts in pages, and as it is where somebody has changed it', () => {
    const said = { memory: 10_000_001, cpu: 0.333333, pids: 9 }
    groups.make(hostOf('a', said))
    deepEqual(groups.limits('a', said), said)
    const file = groups
      .folders('a')
      .map(path => `${path}/pids.max`)
      .find(path => existsSync(path))
    writeFileSync(file!, '7')
    deepEqual(groups.limits('a', said), { ...said, pids: 7 })
  })

  it('of dead runs are swept away; not those that somebody is in, or is about to be in', async () => {
    const release = groups.make(hostOf('a', { pids: 20 }))
    const tops = groups.folders('a').map(path => path.replace(/\/host-a$/, ''))
    const left = () => sweepGroups('/run/none', true).filter(path => tops.includes(path))
    // No process has joined them yet.
    deepEqual(left(), [])
    const child = inside('a', ...idle)
    await started(child)
    release()
    deepEqual(left(), [])
    child.kill('SIGKILL')
    await once(child, 'exit')
    await until('they are left', () => left().length === tops.length)
    ok(tops.every(existsSync), 'with dry they are only told')
    sweepGroups('/run/none', false)
    deepEqual(tops.filter(existsSync), [])
  })

  it('change in place, and back to none', () => {
    groups.make(hostOf('a', { memory: 64 * mib, pids: 20 }))
    groups.limit(hostOf('a', { pids: 30, cpu: 1.5 }))
    deepEqual(groups.limits('a', undefined), { cpu: 1.5, pids: 30 })
    groups.limit(hostOf('a'))
    equal(groups.limits('a', undefined), undefined)
  })

  it('hold for who has joined them, and for what that starts', async () => {
    groups.make(hostOf('a', { pids: 3 }))
    const child = inside('a', 'sh', '-c', 'sleep 1000 & sleep 1000 & sleep 1000 & sleep 1000; echo over')
    const [status] = await once(child, 'exit')
    equal(status, 2)
  })

  it('end who takes more memory than there is', async () => {
    groups.make(hostOf('a', { memory: 32 * mib }))
    const child = inside('a', process.execPath, '-e', 'const all = []; for (;;) all.push(Buffer.alloc(4 << 20, 1))')
    const [, signal] = await once(child, 'exit')
    equal(signal, 'SIGKILL')
  })

  it('know who is in them, in groups below too, and end them when they are removed', async () => {
    groups.make(hostOf('a'))
    groups.make(hostOf('b'))
    const pids = [await started(inside('a', ...idle)), await started(inside('a', ...idle))]
    const other = await started(inside('b', ...idle))
    const below = `${groups.folders('a')[0]}/below`
    mkdirSync(below)
    writeFileSync(`${below}/cgroup.procs`, `${pids[0]}`)
    deepEqual([...groups.members('a')].sort(), [...pids].sort())
    deepEqual([...groups.members()].sort(), [...pids, other].sort())
    groups.remove('a')
    deepEqual(groups.folders('a'), [])
    deepEqual(groups.members(), [other])
  })

  it('leave nothing behind, the lab’s own group neither', async () => {
    groups.make(hostOf('a', { pids: 20 }))
    await started(inside('a', ...idle))
    const [path] = groups.folders('a')
    groups.remove()
    equal(existsSync(path!.slice(0, path!.lastIndexOf('/'))), false)
    groups.remove()
  })

  it('are made anew where a killed run has left some', async () => {
    groups.make(hostOf('a', { pids: 20 }))
    await started(inside('a', ...idle))
    groups.make(hostOf('a'))
    deepEqual(groups.members('a'), [])
    equal(groups.limits('a', undefined), undefined)
  })

  it('never meet those of a lab of the same name in another state folder', () => {
    const elsewhere = mkdtempSync(`${tmpdir()}/groups-`)
    const lab = labName()
    const [one, two] = [hostGroups({ lab, folder }), hostGroups({ lab, folder: elsewhere })]
    try {
      one.make(hostOf('a', { pids: 20 }))
      two.make(hostOf('a', { pids: 30 }))
      two.remove()
      deepEqual(one.limits('a', undefined), { pids: 20 })
    } finally {
      one.remove()
      rmSync(elsewhere, { recursive: true })
    }
  })

  it('have a node called as one of the kernel’s files', () => {
    groups.make(hostOf('tasks', { pids: 20 }))
    deepEqual(groups.limits('tasks', undefined), { pids: 20 })
  })

  it('name the file that was refused', () => {
    throws(
      () => groups.make(hostOf('a', { pids: -1 })),
      (thrown: unknown) => {
        ok(thrown instanceof SystemError)
        match(thrown.message, /write -1 to \/.*\/host-a\/pids\.max/)
        return true
      },
    )
  })
})

describe('trees of control groups', () => {
  const mountinfo = (text: string) => {
    const proc = mkdtempSync(`${tmpdir()}/proc-`)
    mkdirSync(`${proc}/self`)
    writeFileSync(`${proc}/self/mountinfo`, text)
    const found = findHierarchies({ proc, sys: '/nowhere' })
    rmSync(proc, { recursive: true })
    return found
  }

  it('are told by what is mounted: of version 1 what limits, each once', () => {
    const found = mountinfo(`31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
32 31 0:29 / /nowhere/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
33 31 0:30 / /nowhere/cpuset rw - cgroup cgroup rw,cpuset
34 31 0:31 / /nowhere/pids ro,nosuid - cgroup cgroup rw,pids
35 31 0:31 / /nowhere/again rw - cgroup cgroup rw,pids
41 31 0:38 / /nowhere/unified rw - cgroup2 cgroup2 rw,nsdelegate
`)
    deepEqual(found, [
      { version: 1, root: '/nowhere/cpu,cpuacct', controllers: ['cpu'], readOnly: false },
      { version: 1, root: '/nowhere/pids', controllers: ['pids'], readOnly: true },
      { version: 2, root: '/nowhere/unified', controllers: [], readOnly: false },
    ])
  })

  it('are none where none is mounted', () => deepEqual(mountinfo('31 23 0:28 / / rw - tmpfs tmpfs rw\n'), []))
})

describe('limits in files', () => {
  it('are written and read in both versions', () => {
    equal(limitFiles[2].cpu.text(0.25), '25000 100000')
    equal(limitFiles[2].cpu.value('25000 50000'), 0.5)
    equal(limitFiles[2].cpu.value('max 100000'), undefined)
    equal(limitFiles[1].cpu.text(undefined), '-1')
    equal(limitFiles[1].memory.value('9223372036854771712'), undefined)
    equal(limitFiles[2].memory.text(undefined), 'max')
    equal(limitFiles[1].cpu.text(0.0001), '1000')
  })
})
