import { deepEqual, equal, throws } from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { entriesIn } from '../../src/kernel/host/entries.js'
import { type HostFiles, hostFiles } from '../../src/kernel/host/files.js'
import { SystemError } from '../../src/kernel/kernel.js'
import type { FileSource } from '../../src/model/network.js'
import type { File } from '../../src/model/state.js'
import { labName } from './lab.js'

/** A file as a plan has it; its digest is of no interest here. */
const fileOf = (path: string, source: FileSource, mode?: number): File => ({
  ...source,
  ...{ type: 'file', node: 'a', path, digest: JSON.stringify(source) },
  ...(mode !== undefined && { mode }),
})
const content = (path: string, text: string, mode?: number) => fileOf(path, { kind: 'content', content: text }, mode)

describe('files of hosts', () => {
  const place = `/run/${labName()}`
  /** A folder of the machine, which nodes see. */
  const machine = `${place}/machine`
  let init: ChildProcess
  let files: HostFiles

  before(async () => {
    mkdirSync(machine, { recursive: true })
    chmodSync(place, 0o755)
    execFileSync('mount', ['-t', 'tmpfs', 'machine', machine])
    execFileSync('mount', ['--make-shared', machine])
    mkdirSync(`${place}/lab`)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'nosuid,nodev,noexec', 'lab', `${place}/lab`])
    execFileSync('mount', ['--make-shared', `${place}/lab`])
  })
  after(() => {
    for (const name of ['machine', 'lab']) execFileSync('umount', [`${place}/${name}`])
    rmSync(place, { recursive: true })
  })

  beforeEach(async () => {
    writeFileSync(`${machine}/there`, 'the machine’s\n')
    chmodSync(`${machine}/there`, 0o640)
    mkdirSync(`${machine}/folder/below`, { recursive: true })
    writeFileSync(`${machine}/folder/below/deep`, 'deep\n')
    mkdirSync(`${place}/lab/a`)
    init = await started('unshare', '-m', '--propagation', 'slave')
    files = hostFiles({ folder: node => `${place}/lab/${node}`, init: node => (node === 'a' ? init.pid : undefined) })
  })
  afterEach(async () => {
    init.kill('SIGKILL')
    await once(init, 'exit')
    rmSync(`${place}/lab/a`, { recursive: true })
    for (const name of readdirSync(machine)) rmSync(`${machine}/${name}`, { recursive: true })
  })

  async function started(...words: readonly [string, ...string[]]): Promise<ChildProcess> {
    const [command, ...rest] = words
    const child = spawn(command, [...rest, 'sh', '-c', 'echo here; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout!, 'data')
    return child
  }
  const inside = (command: string) =>
    execFileSync('nsenter', ['-t', `${init.pid}`, '-m', 'sh', '-c', command], { encoding: 'utf8' })
  const told = () => files.read('a').map(({ path }) => path)
  /** What must never change: names, kinds, modes and texts of the machine's own folder. */
  const listing = () =>
    execFileSync('sh', ['-c', `cd ${machine}; find . -printf '%p %y %m %l\\n' -type f -exec cat {} + | sort`], {
      encoding: 'utf8',
    })
  const puts = (...all: readonly File[]) => {
    const before = listing()
    for (const file of all) files.put(file)
    equal(listing(), before)
  }

  it('stand over what the machine has there, with its mode, and only in the node', () => {
    puts(content(`${machine}/there`, 'the node’s\n'))
    equal(inside(`cat ${machine}/there`), 'the node’s\n')
    equal(inside(`stat -c %a ${machine}/there`), '640\n')
    deepEqual(files.read('a'), [content(`${machine}/there`, 'the node’s\n')])
  })

  it('stand where the machine has nothing, beside what it has', () => {
    puts(content(`${machine}/new`, 'new\n'), content(`${machine}/folder/x/y/z`, 'far\n', 0o600))
    equal(
      inside(`cat ${machine}/new ${machine}/folder/x/y/z ${machine}/there ${machine}/folder/below/deep`),
      'new\nfar\nthe machine’s\ndeep\n',
    )
    equal(inside(`stat -c %a ${machine}/new ${machine}/folder/x/y/z`), '644\n600\n')
    deepEqual(told(), [`${machine}/folder/x/y/z`, `${machine}/new`])
  })

  it('keep other mounts of the folder that got a name', () => {
    mkdirSync(`${machine}/mounted`)
    execFileSync('mount', ['-t', 'tmpfs', 'other', `${machine}/mounted`])
    try {
      writeFileSync(`${machine}/mounted/x`, 'x\n')
      puts(content(`${machine}/there`, 'first\n'), content(`${machine}/new`, 'new\n'))
      equal(inside(`cat ${machine}/there ${machine}/mounted/x ${machine}/new`), 'first\nx\nnew\n')
      deepEqual(told(), [`${machine}/new`, `${machine}/there`])
    } finally {
      execFileSync('umount', [`${machine}/mounted`])
    }
  })

  it('are removed, and the machine’s are seen again', () => {
    const before = inside(`find ${machine} | sort`)
    const all = [content(`${machine}/there`, '1'), content(`${machine}/new`, '2'), content(`${machine}/x/y`, '3')]
    puts(...all)
    for (const { path } of all) files.remove('a', path)
    equal(inside(`cat ${machine}/there`), 'the machine’s\n')
    equal(inside(`find ${machine} | sort`), before)
    deepEqual(told(), [])
    deepEqual(readdirSync(`${place}/lab/a/files`), [])
  })

  it('are replaced whole: who has the old one open keeps it', () => {
    puts(content(`${machine}/there`, 'old\n'))
    const read = spawn(
      'nsenter',
      ['-t', `${init.pid}`, '-m', 'sh', '-c', `exec 3< ${machine}/there; echo; read _; cat <&3`],
      { stdio: 'pipe' },
    )
    const text: string[] = []
    read.stdout.on('data', data => text.push(String(data)))
    return once(read.stdout, 'data').then(async () => {
      puts(content(`${machine}/there`, 'new\n', 0o600))
      read.stdin.end('\n')
      await once(read, 'close')
      equal(text.join('').trim(), 'old')
      equal(inside(`cat ${machine}/there; stat -c %a ${machine}/there`), 'new\n600\n')
      equal(inside(`grep -c ${machine}/there /proc/self/mountinfo`), '1\n')
      puts(content(`${machine}/there`, 'third\n'))
      equal(inside(`stat -c %a ${machine}/there`), '640\n')
    })
  })

  it('can be written to in the node, and are then still the ones that were put', () => {
    puts(content(`${machine}/there`, 'old\n'))
    inside(`echo more >> ${machine}/there`)
    equal(inside(`cat ${machine}/there`), 'old\nmore\n')
    deepEqual(told(), [`${machine}/there`])
    equal(readFileSync(`${machine}/there`, 'utf8'), 'the machine’s\n')
  })

  it('are told as not there when somebody has taken them away', () => {
    puts(content(`${machine}/there`, 'old\n'), content(`${machine}/new`, 'new\n'))
    inside(`umount ${machine}/there`)
    deepEqual(told(), [`${machine}/new`])
    puts(content(`${machine}/there`, 'old\n'))
    deepEqual(told(), [`${machine}/new`, `${machine}/there`])
  })

  it('are put again, once, where a run was killed while one came in the place of another', () => {
    const [old, now] = [content(`${machine}/there`, 'old\n'), content(`${machine}/there`, 'now\n')]
    puts(old)
    const entries = entriesIn(`${place}/lab/a`)
    const entry = entries.get(old.path)!
    entries.put({ ...entry, file: now, id: 'of a mount that never came', before: entry.id })
    deepEqual(told(), [])
    puts(now)
    equal(inside(`cat ${old.path}; grep -c ${old.path} /proc/self/mountinfo`), 'now\n1\n')
    files.remove('a', old.path)
    equal(inside(`cat ${old.path}`), 'the machine’s\n')
  })

  it('are copies with links, modes and programs that can be executed; the machine’s may change', () => {
    symlinkSync('below/deep', `${machine}/folder/link`)
    writeFileSync(`${machine}/folder/program`, '#!/bin/sh\necho it runs\n', { mode: 0o755 })
    const copy = fileOf('/mnt', { kind: 'copy', from: `${machine}/folder` })
    puts(copy)
    writeFileSync(`${machine}/folder/below/deep`, 'changed\n')
    equal(
      inside('cat /mnt/link; readlink /mnt/link; /mnt/program; echo x > /mnt/below/deep'),
      'deep\nbelow/deep\nit runs\n',
    )
    equal(readFileSync(`${machine}/folder/below/deep`, 'utf8'), 'changed\n')
    files.put(copy)
    equal(inside('cat /mnt/link'), 'changed\n')
  })

  it('are the machine’s own where they are bound', () => {
    puts(fileOf('/mnt', { kind: 'bind', from: `${machine}/folder` }))
    inside('echo changed > /mnt/below/deep')
    equal(readFileSync(`${machine}/folder/below/deep`, 'utf8'), 'changed\n')
  })

  it('are file systems of a size that changes in place, with what is in them', () => {
    puts(fileOf('/mnt', { kind: 'tmpfs', size: 1 << 20 }))
    inside('echo kept > /mnt/file')
    throws(() => inside('head -c 2000000 /dev/zero > /mnt/large 2>&1'))
    inside('rm /mnt/large')
    puts(fileOf('/mnt', { kind: 'tmpfs', size: 4 << 20 }))
    inside('head -c 2000000 /dev/zero > /mnt/large')
    equal(inside('cat /mnt/file'), 'kept\n')
    throws(() => files.put(fileOf('/mnt', { kind: 'tmpfs', size: 1 << 20 })), /give \/mnt a size/)
    inside('mount -o remount,size=8m /mnt')
    deepEqual(
      files.read('a').map(file => file.kind === 'tmpfs' && [file.size, file.digest]),
      [[8 << 20, `${8 << 20}`]],
    )
    const odd = fileOf('/mnt', { kind: 'tmpfs', size: 5_000_001 })
    puts(odd)
    deepEqual(files.read('a'), [odd])
  })

  it('stand in each other, whichever comes first, and stay when another comes or goes', () => {
    const [log, file] = [
      fileOf(`${machine}/folder`, { kind: 'tmpfs', size: 1 << 20 }),
      content(`${machine}/folder/below/deep`, 'in it\n'),
    ]
    puts(file, log)
    equal(
      inside(`cat ${file.path}; find ${log.path}`),
      `in it\n${['', '/below', '/below/deep'].map(name => `${log.path}${name}\n`).join('')}`,
    )
    deepEqual(told(), [log.path, file.path])
    files.remove('a', log.path)
    equal(inside(`cat ${file.path}`), 'in it\n')
    puts(log)
    puts(fileOf(log.path, { kind: 'copy', from: `${machine}/folder` }))
    equal(inside(`cat ${file.path}`), 'in it\n')
    deepEqual(told(), [log.path, file.path])
    files.remove('a', file.path)
    equal(inside(`cat ${file.path}`), 'deep\n')
  })

  it('stand in the place of a link, wherever that leads', () => {
    symlinkSync('/nowhere/resolv.conf', `${machine}/link`)
    symlinkSync('folder', `${machine}/short`)
    puts(content(`${machine}/link`, 'names\n'), content(`${machine}/short/below/deep`, 'by a link\n'))
    equal(inside(`cat ${machine}/link ${machine}/folder/below/deep`), 'names\nby a link\n')
    files.remove('a', `${machine}/link`)
    equal(inside(`readlink ${machine}/link`), '/nowhere/resolv.conf\n')
  })

  it('change from a file to a folder and back', () => {
    puts(content(`${machine}/new`, 'file\n'))
    puts(fileOf(`${machine}/new`, { kind: 'tmpfs', size: 4096 }))
    equal(inside(`stat -c %F ${machine}/new`), 'directory\n')
    puts(content(`${machine}/new`, 'file\n'))
    equal(inside(`cat ${machine}/new`), 'file\n')
  })

  it('are not put over what is of another kind, nor in the uppermost folder, and nothing is left of that', () => {
    const refused = (file: File, words: RegExp) =>
      throws(
        () => files.put(file),
        (thrown: unknown) => thrown instanceof SystemError && words.test(thrown.message),
      )
    const before = listing()
    refused(content(`${machine}/folder`, 'x'), /put a file at .*folder.*a folder is there/)
    refused(fileOf(`${machine}/there`, { kind: 'tmpfs', size: 1 << 20 }), /a file is there/)
    refused(content(`${machine}/there/x`, 'x'), /there is no folder/)
    refused(content('/files-spec-nowhere', 'x'), /mount point in \//)
    refused(fileOf(`${machine}/there`, { kind: 'bind', from: '/files-spec-nowhere' }), /files-spec-nowhere/)
    equal(listing(), before)
    equal(existsSync('/files-spec-nowhere'), false)
    deepEqual(told(), [])
  })

  it('are never put into the machine’s own mounts', () => {
    const own = hostFiles({ folder: node => `${place}/lab/${node}`, init: () => process.pid })
    throws(() => own.put(content(`${machine}/there`, 'x')), /the mounts of the machine itself/)
    throws(() => files.put({ ...content(`${machine}/there`, 'x'), node: 'b' }), /the init of b does not live/)
    equal(readFileSync(`${machine}/there`, 'utf8'), 'the machine’s\n')
  })

  it('belong to root of a node that has users of its own', async () => {
    init.kill('SIGKILL')
    init = await started('unshare', '-m', '-U', '--propagation', 'slave')
    for (const ids of ['uid', 'gid']) writeFileSync(`/proc/${init.pid}/${ids}_map`, '0 100000 1000')
    puts(
      content(`${machine}/there`, 'x\n'),
      content(`${machine}/new`, 'y\n'),
      fileOf('/mnt', { kind: 'tmpfs', size: 1 << 20 }),
    )
    const look = `echo z > /mnt/z; echo more >> ${machine}/new; stat -c %u:%g ${machine}/there ${machine}/new /mnt /mnt/z`
    const owners = execFileSync('nsenter', ['-t', `${init.pid}`, '-U', '-m', 'sh', '-c', look], { encoding: 'utf8' })
    equal(owners, '0:0\n0:0\n0:0\n0:0\n')
    deepEqual(told().length, 3)
  })

  it('leave this process where it was: its root, its working folder, its mounts', () => {
    const before = [process.cwd(), lstatSync('.').ino, statSync('/proc/thread-self/ns/mnt').ino]
    puts(content(`${machine}/new`, 'x'))
    deepEqual([process.cwd(), lstatSync('.').ino, statSync('/proc/thread-self/ns/mnt').ino], before)
  })
})
