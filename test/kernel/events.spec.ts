import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import type { LabSpace, Listening, ListenOptions } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { labName, machine, recordOf } from './lab.js'

const all: ListenOptions = { neighbors: () => true }

/** A lab with these nodes that is listened to, for the time of `work`. */
async function listening(
  nodes: readonly string[],
  options: ListenOptions,
  work: (ears: Listening, space: LabSpace) => Promise<void>,
): Promise<void> {
  const space = linux().space(labName())
  const before = { machine: machine(space.lab), descriptors: descriptors() }
  space.create(recordOf(space.lab))
  try {
    for (const node of nodes) space.createNode(node)
    const ears = space.listen(nodes, options)
    space.close()
    try {
      await work(ears, space)
    } finally {
      ears.close()
    }
  } finally {
    space.remove()
  }
  assert.deepEqual({ machine: machine(space.lab), descriptors: descriptors() }, before)
}

/** Sockets that this process has open, and namespaces other than its own. */
function descriptors(): readonly string[] {
  const targets = readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
  const own = readlinkSync('/proc/self/ns/net')
  return targets.filter(target => /^(socket|net):|\/ns\//.test(target) && target !== own).sort()
}

/** Numbers that this namespace has for others (ip-netns(8)). */
function numbers(): readonly number[] {
  const out = execFileSync('ip', ['-j', 'netns', 'list-id'], { encoding: 'utf8' })
  return out.trim() === '' ? [] : (JSON.parse(out) as { nsid: number }[]).map(({ nsid }) => nsid)
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words)
}

/** All nodes that are heard of until nothing more is to come. */
async function heard(ears: Listening): Promise<readonly string[]> {
  return [...(await ears.next(undefined)).nodes].sort()
}

describe('what is heard of nodes', () => {
  it('comes from all of them through one descriptor', async () => {
    const nodes = Array.from({ length: 300 }, (_, index) => `n${index}`)
    let ofOne = 0
    await listening(['a'], all, async () => {
      ofOne = descriptors().length
    })
    await listening(nodes, all, async (ears, { lab }) => {
      assert.equal(descriptors().length, ofOne)
      for (const node of ['n0', 'n16', 'n299']) ip('-n', `${lab}.${node}`, 'link', 'set', 'lo', 'up')
      assert.deepEqual(await heard(ears), ['n0', 'n16', 'n299'])
    })
  })

  const disturbances: Readonly<Record<string, readonly string[]>> = {
    'a link': ['link', 'add', 'name', 'br0', 'type', 'bridge'],
    'an address': ['address', 'add', '10.1.0.1/32', 'dev', 'lo'],
    'an IPv6 address': ['address', 'add', 'fd00::1/128', 'dev', 'lo'],
    'a route': ['route', 'add', 'blackhole', '10.2.0.0/16'],
    'an IPv6 route': ['-6', 'route', 'add', 'blackhole', 'fd02::/64'],
    'a rule': ['rule', 'add', 'from', '10.3.0.1', 'table', '100'],
    'an IPv6 rule': ['-6', 'rule', 'add', 'from', 'fd03::1', 'table', '100'],
    'a neighbour': ['neigh', 'add', '10.4.0.1', 'lladdr', '02:00:00:00:00:01', 'dev', 'br0', 'nud', 'permanent'],
    'a setting of all interfaces': ['netconf', 'net.ipv4.ip_forward=1'],
    'an IPv6 setting of all interfaces': ['netconf', 'net.ipv6.conf.all.forwarding=1'],
  }

  it(`are ${Object.keys(disturbances).join(', ')}`, () =>
    listening(['a', 'b'], all, async (ears, { lab }) => {
      for (const [what, [first, ...rest]] of Object.entries(disturbances)) {
        if (first === 'netconf') ip('netns', 'exec', `${lab}.a`, 'sysctl', '-qw', ...rest)
        else ip('-n', `${lab}.a`, first!, ...rest)
        assert.deepEqual(await heard(ears), ['a'], what)
      }
    }))

  it('are not neighbours that a node learns, unless somebody minds', () =>
    listening(['a', 'b'], { neighbors: node => node === 'b' }, async (ears, { lab }) => {
      for (const node of ['a', 'b']) ip('-n', `${lab}.${node}`, 'link', 'add', 'name', 'br0', 'type', 'bridge')
      await heard(ears)
      for (const node of ['a', 'b'])
        ip(
          '-n',
          `${lab}.${node}`,
          'neigh',
          'add',
          '10.4.0.1',
          'lladdr',
          '02:00:00:00:00:01',
          'dev',
          'br0',
          'nud',
          'stale',
        )
      assert.deepEqual(await heard(ears), ['b'])
      ip('-n', `${lab}.a`, 'neigh', 'del', '10.4.0.1', 'dev', 'br0')
      assert.deepEqual(await heard(ears), ['a'], 'one that goes may have been written down')
    }))

  it('may be too much: that is said, and what comes later is heard again', () =>
    listening(['a', 'b'], { ...all, room: 4096 }, async (ears, { lab }) => {
      const lines = Array.from(
        { length: 500 },
        (_, index) => `route add blackhole 10.9.${index >> 8}.${index & 255}/32\n`,
      )
      execFileSync('ip', ['-n', `${lab}.a`, '-batch', '-'], { input: lines.join('') })
      const { overflow, nodes } = await ears.next(undefined)
      assert.equal(overflow, true)
      assert.deepEqual([...nodes], ['a'])
      for (let round = 0; round < 3; round++) {
        ip('-n', `${lab}.b`, 'link', 'set', 'lo', round % 2 === 0 ? 'up' : 'down')
        const { overflow, nodes } = await ears.next(undefined)
        assert.deepEqual([overflow, [...nodes]], [false, ['b']])
      }
    }))

  it('is that a name is gone, the lock taken, the record another', () =>
    listening(['a', 'b'], all, async (ears, space) => {
      const { lab } = space
      const lock = linux().lock(lab)
      assert.equal((await ears.next(undefined)).names, true)
      assert.ok('release' in lock)
      lock.release()
      assert.equal((await ears.next(undefined)).names, true)
      space.saveRecord({} as Parameters<LabSpace['saveRecord']>[0])
      assert.equal((await ears.next(undefined)).names, true)
      ip('-n', `${lab}.b`, 'link', 'set', 'lo', 'up')
      assert.equal((await ears.next(undefined)).names, false)
      ip('netns', 'del', `${lab}.a`)
      assert.equal((await ears.next(undefined)).names, true)
      assert.equal(existsSync(`/run/netns/${lab}.a`), false)
    }))

  it('keeps no namespace alive, nor the lab’s folder', () =>
    listening(['a'], all, async (ears, space) => {
      // The machine's own namespace has a number for it, too, which goes when the kernel has let go of the namespace.
      const id = 1_000_000 + (process.pid % 100_000)
      ip('netns', 'set', `${space.lab}.a`, `${id}`)
      assert.ok(numbers().includes(id))
      assert.deepEqual(space.remove().holders, [])
      // The kernel takes a namespace away when it has time: its own word of it, and the witness's.
      for (let told = false; !told; ) told = (await ears.next(undefined)).nodes.has('a')
      while (numbers().includes(id)) await ears.next(10)
      assert.equal(space.exists, false)
    }))

  it('is waited for no longer than one says, nor after a signal', () =>
    listening(['a'], all, async ears => {
      const nothing = { nodes: new Set(), overflow: false, names: false }
      assert.deepEqual(await ears.next(1), nothing)
      assert.deepEqual(await ears.next(undefined, AbortSignal.abort()), nothing)
      const stop = new AbortController()
      const waiting = ears.next(undefined, stop.signal)
      stop.abort()
      assert.deepEqual(await waiting, nothing)
    }))
})

describe('whether a lab is held', () => {
  it('is told without taking its lock; who was killed holds nothing', async () => {
    const lab = labName()
    const kernel = linux()
    assert.equal(kernel.held(lab), false)
    const lock = kernel.lock(lab)
    assert.ok('release' in lock)
    assert.equal(kernel.held(lab), true)
    lock.release()
    assert.equal(kernel.held(lab), false)
    const holder = spawn('node', ['--import', 'tsx', 'test/kernel/programs/hold.ts', lab], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    assert.equal(kernel.held(lab), true)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    assert.equal(kernel.held(lab), false)
    const free = kernel.lock(lab)
    assert.ok('release' in free)
    free.release()
  })
})
