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
import { ip, labName, machine, netns, recordOf, withLab } from './lab.js'

const errno = (name: string) => (error: unknown) => error instanceof SystemError && error.errno === name

describe('a lab’s space', () => {
  it('gives nodes that ip knows, and leaves the machine as it was', () => {
    const lab = labName()
    const before = machine(lab)
    const space = linux().space(lab)
    assert.equal(space.exists, false)
    space.create(recordOf(space.lab))
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
      space.create(recordOf(space.lab))
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
    space.create(recordOf(space.lab))
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

  it('sees what ip has taken away, and what it has made only once it is taken over', () =>
    withLab(['a'], space => {
      execFileSync('ip', ['netns', 'add', `${space.lab}.b`])
      const path = `/run/netns/${space.lab}.b`
      const { ino: inode } = statSync(path)
      assert.deepEqual([...space.nodes().keys()], ['a'])
      assert.deepEqual(space.strangers(['a', 'b', 'c']), [{ node: 'b', path, inode }])
      space.adopt(space.strangers(['b']))
      assert.deepEqual([...space.nodes().keys()].sort(), ['a', 'b'])
      assert.deepEqual([...linux().space(space.lab).nodes().keys()], ['a'])
      space.saveRecord(recordOf(space.lab))
      assert.deepEqual([...linux().space(space.lab).nodes().keys()].sort(), ['a', 'b'])
      assert.deepEqual(space.strangers(['a', 'b', 'c']), [])
      assert.equal(space.readSysctls('b', ['net.ipv4.ip_forward'])[0], '0')
      space.home()
      execFileSync('ip', ['netns', 'del', `${space.lab}.b`])
      execFileSync('ip', ['netns', 'del', `${space.lab}.a`])
      assert.deepEqual([...space.nodes().keys()], [])
    }))

  it('touches no namespace of that name that somebody else has made', () =>
    withLab([], space => {
      const name = `${space.lab}.a`
      execFileSync('ip', ['netns', 'add', name])
      const inode = statSync(`/run/netns/${name}`).ino
      assert.throws(() => space.createNode('a'), errno('EEXIST'))
      space.removeNode('a')
      space.remove()
      assert.equal(statSync(`/run/netns/${name}`).ino, inode)
      execFileSync('ip', ['netns', 'del', name])
    }))

  it('leaves a namespace that somebody has put in a node’s place, and the processes in it', async () => {
    const space = linux().space(labName())
    space.create(recordOf(space.lab))
    for (const node of ['a', 'b']) space.createNode(node)
    space.home()
    const pin = `/run/nstopo/${space.lab}/ns/a`
    const foreign = `foreign${process.pid}`
    execFileSync('ip', ['netns', 'add', foreign])
    const inside = spawn('ip', ['netns', 'exec', foreign, 'sh', '-c', 'echo up; read x'], { stdio: 'pipe' })
    await once(inside.stdout, 'data')
    execFileSync('umount', ['--lazy', pin])
    execFileSync('mount', ['--bind', `/run/netns/${foreign}`, pin])
    assert.deepEqual([...space.nodes().keys()], ['b'])
    assert.deepEqual(
      space.strangers(['a', 'b']).map(({ path }) => path),
      [pin],
    )
    assert.throws(() => space.removeNode('a'), errno('EPERM'))
    const { nodes, left } = space.remove()
    assert.deepEqual([nodes, left], [1, [pin]])
    assert.equal(statSync(pin).ino, statSync(`/run/netns/${foreign}`).ino)
    assert.equal(inside.exitCode, null)
    execFileSync('umount', ['--lazy', pin])
    assert.deepEqual(space.remove().left, [])
    assert.ok(!existsSync(`/run/nstopo/${space.lab}`))
    inside.stdin.end('\n')
    await once(inside, 'exit')
    execFileSync('ip', ['netns', 'del', foreign])
  })

  it('mends the names that a killed run has not made, or has left', () =>
    withLab(['a', 'b'], space => {
      const name = (node: string) => `/run/netns/${space.lab}.${node}`
      unlinkSync(name('a'))
      execFileSync('umount', ['--lazy', `/run/nstopo/${space.lab}/ns/b`])
      symlinkSync(`/run/nstopo/${space.lab}/ns/c`, name('c'))
      symlinkSync('4711', `/run/nstopo/${space.lab}/id/d`)
      space.mend()
      assert.deepEqual([...space.nodes().keys()], ['a'])
      assert.deepEqual(
        netns().filter(found => found.startsWith(space.lab)),
        [`${space.lab}.a`],
      )
      for (const folder of ['ns', 'id']) assert.deepEqual(readdirSync(`/run/nstopo/${space.lab}/${folder}`), ['a'])
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
    space.create(recordOf(space.lab))
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

  it('is spared while it only looks around: a process of which not all threads are in the node', async () => {
    const space = linux().space(labName())
    space.create(recordOf(space.lab))
    space.createNode('a')
    space.home()
    const visitor = spawn('node', ['--import', 'tsx', 'test/kernel/programs/visit.ts', space.lab, 'a'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    assert.equal(String((await once(visitor.stdout, 'data'))[0]), 'there\n')
    const { holders } = space.remove()
    assert.deepEqual([...new Set(holders.map(({ pid }) => pid))], [visitor.pid])
    visitor.stdin.end('\n')
    assert.deepEqual(await once(visitor, 'exit'), [0, null])
  })

  it('is named when it is an open descriptor', async () => {
    const space = linux().space(labName())
    space.create(recordOf(space.lab))
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
    space.create(recordOf(space.lab))
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
      assert.deepEqual(space.record(), { record: recordOf(space.lab) })
      space.saveRecord({ ...recordOf(space.lab), state: 'building' })
      const inode = lstatSync(path).ino
      space.saveRecord(recordOf(space.lab))
      assert.deepEqual(space.record(), { record: recordOf(space.lab) })
      assert.equal(lstatSync(path).mode & 0o777, 0o600)
      // Renamed into place: a reader of the old one keeps it whole.
      assert.notEqual(lstatSync(path).ino, inode)
      assert.deepEqual(readdirSync(`/run/nstopo/${space.lab}`).sort(), ['.made-by-nstopo', 'id', 'lab.json', 'ns'])
    }))

  it('says that the lab is leaving', () =>
    withRecord(space => {
      space.leave()
      assert.deepEqual(space.record(), { record: { ...recordOf(space.lab), state: 'leaving' } })
      space.leave()
      assert.equal(space.record().record?.state, 'leaving')
    }))

  it('of an earlier boot is named as such', () =>
    withRecord(space => {
      space.saveRecord({ ...recordOf(space.lab), boot: 'another' })
      assert.deepEqual(space.record(), { damage: 'is of an earlier boot' })
    }))

  it('that is a link, or no record, is named, and put aside unread', () =>
    withRecord((space, path) => {
      const elsewhere = `/run/nstopo/${space.lab}/elsewhere`
      writeFileSync(elsewhere, JSON.stringify(recordOf(space.lab)))
      unlinkSync(path)
      symlinkSync(elsewhere, path)
      assert.match(space.record().damage!, /^can’t be used: Too many levels of symbolic links/)
      // Neither is it written through.
      space.saveRecord({ ...recordOf(space.lab), links: 7 })
      assert.equal(JSON.parse(readFileSync(elsewhere, 'utf8')).links, 0)
      unlinkSync(path)
      for (const text of ['', '{', '{}', '[]', 'null', '{"version":2}', JSON.stringify(recordOf('another'))]) {
        writeFileSync(path, text)
        assert.ok(space.record().damage, text)
        assert.equal(readFileSync(space.setAside(), 'utf8'), text)
        assert.deepEqual(space.record(), {})
      }
      assert.deepEqual(space.remove().holders, [])
    }))
})
