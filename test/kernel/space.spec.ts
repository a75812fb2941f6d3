import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { type LabSpace, SystemError } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { bootId } from '../../src/kernel/record.js'
import type { LabRecord } from '../../src/model/plan.js'
import { ip, labName, machine, netns, withLab } from './lab.js'

const errno = (name: string) => (error: unknown) => error instanceof SystemError && error.errno === name

const recordOf = (lab: string): LabRecord => ({
  version: 1,
  blending: {},
  lab,
  boot: bootId(),
  mountNamespace: 1,
  state: 'up',
  source: { text: 'nodes: {}', label: 'x.yaml', variables: {}, assigned: {} },
  nodes: {},
  links: 0,
  created: 0,
  owner: 0,
  by: '0.1.0',
})

describe('a lab’s space', () => {
  it('gives nodes that ip knows, and leaves the machine as it was', () => {
    const lab = labName()
    const before = machine(lab)
    const space = linux().space(lab)
    assert.equal(space.exists, false)
    space.create()
    for (const node of ['a', 'b']) space.createNode(node)
    space.home()
    const inodes = new Map(['a', 'b'].map(node => [node, statSync(`/run/netns/${lab}.${node}`).ino]))
    assert.deepEqual(space.nodes(), inodes)
    assert.deepEqual(
      netns()
        .filter(name => name.startsWith(`${lab}.`))
        .sort(),
      [`${lab}.a`, `${lab}.b`],
    )
    const inside = execFileSync('ip', ['netns', 'exec', `${lab}.a`, 'readlink', '/proc/self/ns/net'], {
      encoding: 'utf8',
    })
    assert.equal(inside, `net:[${inodes.get('a')}]\n`)
    assert.ok(linux().labs().includes(lab))
    assert.deepEqual(space.remove().holders, [])
    assert.deepEqual(machine(lab), before)
    assert.ok(!linux().labs().includes(lab))
  })

  it('takes away the state folder, and only if it made it', () => {
    const folder = mkdtempSync('/run/kt-')
    for (const stateDirectory of [folder, `${folder}/deep`]) {
      const space = linux({ stateDirectory }).space(labName())
      space.create()
      space.createNode('a')
      assert.deepEqual(space.remove().holders, [])
      assert.deepEqual(
        [existsSync(folder), existsSync(`${folder}/deep`), existsSync(`${folder}.lock`)],
        [true, false, false],
      )
      assert.deepEqual(readdirSync(folder), [])
    }
    rmdirSync(folder)
  })

  it('comes home by itself before anything else runs', async () => {
    const first = statSync('/proc/thread-self/ns/net').ino
    const space = linux().space(labName())
    space.create()
    space.createNode('a')
    assert.notEqual(statSync('/proc/thread-self/ns/net').ino, first)
    await Promise.resolve()
    assert.equal(statSync('/proc/thread-self/ns/net').ino, first)
    space.readSysctls('a', ['net.ipv4.ip_forward'])[0]
    space.home()
    assert.equal(statSync('/proc/thread-self/ns/net').ino, first)
    assert.throws(() => space.writeSysctl('a', 'net.ipv4.ip_forward', 'nonsense'), errno('EINVAL'))
    assert.equal(statSync('/proc/thread-self/ns/net').ino, first)
    space.remove()
  })

  it('removes one node, makes it again, and refuses to make it twice', () =>
    withLab(['a', 'b'], space => {
      const first = space.nodes().get('a')
      space.removeNode('a')
      assert.deepEqual([...space.nodes().keys()], ['b'])
      assert.deepEqual(
        netns().filter(name => name.startsWith(space.lab)),
        [`${space.lab}.b`],
      )
      space.createNode('a')
      assert.notEqual(space.nodes().get('a'), undefined)
      assert.throws(() => space.createNode('a'), errno('EEXIST'))
      assert.equal(space.nodes().size, 2)
      assert.notEqual(first, undefined)
    }))

  it('finds a node that ip has made or taken away', () =>
    withLab(['a'], space => {
      execFileSync('ip', ['netns', 'add', `${space.lab}.b`])
      assert.deepEqual([...space.nodes().keys()], ['a', 'b'])
      assert.equal(space.readSysctls('b', ['net.ipv4.ip_forward'])[0], '0')
      space.home()
      execFileSync('ip', ['netns', 'del', `${space.lab}.b`])
      execFileSync('ip', ['netns', 'del', `${space.lab}.a`])
      assert.deepEqual([...space.nodes().keys()], [])
    }))

  it('does not overwrite a namespace of that name that somebody else has made', () =>
    withLab([], space => {
      execFileSync('ip', ['netns', 'add', `${space.lab}.a`])
      assert.throws(() => space.createNode('a'), errno('EEXIST'))
      space.removeNode('a')
      space.createNode('a')
      assert.deepEqual([...space.nodes().keys()], ['a'])
    }))

  it('keeps handing out good descriptors for more nodes than it holds open', () => {
    const nodes = Array.from({ length: 80 }, (_, i) => `n${i}`)
    withLab(nodes, space => {
      for (const node of nodes) assert.equal(space.readSysctls(node, ['net.ipv4.ip_forward'])[0], '0')
      const inodes = nodes.map(node => statSync(`/proc/self/fd/${space.descriptor(node)}`).ino)
      assert.deepEqual(
        inodes,
        [...space.nodes().values()].length === 80 ? nodes.map(node => space.nodes().get(node)) : [],
      )
    })
  })

  it('takes no name that leads out of its folder', () => {
    for (const lab of ['..', '.', '', 'a/b', '../x', 'a.b', 'A'])
      for (const use of [() => linux().space(lab), () => linux().lock(lab)]) assert.throws(use, errno('EINVAL'), lab)
    withLab([], space => {
      for (const node of ['..', '.', '', 'a/b', '../lab.json', 'a.b']) {
        for (const use of [() => space.createNode(node), () => space.removeNode(node), () => space.descriptor(node)])
          assert.throws(use, errno('EINVAL'), node)
      }
    })
  })

  it('makes tap interfaces', () =>
    withLab(['a'], space => {
      space.createDevice('a', { name: 'tap0', mode: 'tap', index: 1234, owner: 1000 })
      space.home()
      const [link] = ip('-n', `${space.lab}.a`, '-d', 'link', 'show', 'tap0')
      assert.equal(link!.ifindex, 1234)
      assert.deepEqual((link!.linkinfo as { info_data: { type: string; user: number } }).info_data.type, 'tap')
      assert.throws(() => space.createDevice('a', { name: 'tap0', mode: 'tun', index: 1 }), SystemError)
    }))
})

describe('who holds a lab', () => {
  it('is ended when it is a process in a node, asked or told', async () => {
    const space = linux().space(labName())
    space.create()
    space.createNode('a')
    space.home()
    const enter = (...command: string[]) =>
      spawn('ip', ['netns', 'exec', `${space.lab}.a`, ...command], { stdio: ['ignore', 'pipe', 'ignore'] })
    const polite = enter('sh', '-c', 'echo up; exec sleep 1000')
    const stubborn = enter('sh', '-c', 'trap "" TERM; echo up; while :; do sleep 1000; done')
    await Promise.all([polite, stubborn].map(child => once(child.stdout!, 'data')))
    const exits = Promise.all([polite, stubborn].map(child => once(child, 'exit')))
    assert.deepEqual(space.remove().holders, [])
    assert.deepEqual(await exits, [
      [null, 'SIGTERM'],
      [null, 'SIGKILL'],
    ])
  })

  it('is named when it is an open descriptor', async () => {
    const space = linux().space(labName())
    space.create()
    space.createNode('a')
    space.home()
    const child = spawn('sh', ['-c', `exec 5<"/run/netns/${space.lab}.a"; echo up; read x`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    const { holders } = space.remove()
    assert.deepEqual(
      holders.map(({ node, pid, how }) => [node, pid, how]),
      [['a', child.pid, 'descriptor']],
    )
    assert.match(holders[0]!.command, /^sh -c exec/)
    child.stdin.end()
    await once(child, 'exit')
  })

  it('is nobody after the copy of the mounts in another mount namespace is gone with them', async () => {
    const space = linux().space(labName())
    space.create()
    space.createNode('a')
    space.home()
    const child = spawn('unshare', ['-m', 'sh', '-c', 'echo up; read x; grep -c nsfs /proc/self/mountinfo'], {
      stdio: 'pipe',
    })
    await once(child.stdout, 'data')
    assert.ok(readFileSync(`/proc/${child.pid}/mountinfo`, 'utf8').includes(`/${space.lab}/ns/a`))
    assert.deepEqual(space.remove().holders, [])
    assert.ok(!readFileSync(`/proc/${child.pid}/mountinfo`, 'utf8').includes(space.lab))
    child.stdin.end('\n')
    await once(child, 'exit')
  })
})

describe('a record', () => {
  const withRecord = (work: (space: LabSpace, path: string) => void) =>
    withLab([], space => work(space, `/run/nstopo/${space.lab}/lab.json`))

  it('is what was saved, for its owner alone', () =>
    withRecord((space, path) => {
      assert.equal(space.record(), undefined)
      space.saveRecord({ ...recordOf(space.lab), state: 'building' })
      const inode = lstatSync(path).ino
      space.saveRecord(recordOf(space.lab))
      assert.deepEqual(space.record(), recordOf(space.lab))
      assert.equal(lstatSync(path).mode & 0o777, 0o600)
      // Renamed into place: a reader of the old one keeps it whole.
      assert.notEqual(lstatSync(path).ino, inode)
      assert.deepEqual(readdirSync(`/run/nstopo/${space.lab}`).sort(), ['lab.json', 'ns'])
    }))

  it('of an earlier boot is none', () =>
    withRecord(space => {
      space.saveRecord({ ...recordOf(space.lab), boot: 'another' })
      assert.equal(space.record(), undefined)
    }))

  it('that is a link, or no record, is refused', () =>
    withRecord((space, path) => {
      const elsewhere = `/run/nstopo/${space.lab}/elsewhere`
      writeFileSync(elsewhere, JSON.stringify(recordOf(space.lab)))
      symlinkSync(elsewhere, path)
      assert.throws(() => space.record(), errno('ELOOP'))
      // Neither is it written through.
      space.saveRecord({ ...recordOf(space.lab), links: 7 })
      assert.equal(JSON.parse(readFileSync(elsewhere, 'utf8')).links, 0)
      unlinkSync(path)
      for (const text of ['', '{', '{}', '[]', 'null', '{"version":2}']) {
        writeFileSync(path, text)
        assert.throws(() => space.record(), errno('EBADMSG'))
      }
      assert.deepEqual(space.remove().holders, [])
    }))
})
