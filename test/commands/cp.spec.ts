import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { inFolder, json, labName, nstopo, twoHosts } from './program.js'

describe('commands: cp into a host', () => {
  const lab = labName('cphost')
  const cp = (...words: readonly string[]) => nstopo(['cp', lab, ...words], { input: 'typed\n' })
  const cat = (path: string) => nstopo(['exec', lab, 'own', '--', 'cat', path]).stdout
  const own =
    '{users: {map: "0 100000 65536"}, isolate: [mount], files: {/etc/motd: {content: "own\\n"}, /srv: {tmpfs: 1mb}}}'

  before(() => {
    const input = `{name: ${lab}, nodes: {own: ${own}, h2: }, links: [[own, h2]]}`
    const { status, stderr } = nstopo(['up', '-'], { input })
    assert.deepEqual([status, stderr], [0, ''])
  })
  after(() => {
    nstopo(['down', lab])
  })

  it('reads and writes what the node sees, and leaves the machine’s files alone', () => {
    assert.equal(cp('own:/etc/motd', '-').stdout, 'own\n')
    assert.equal(cp('-', 'own:/etc/motd').status, 0)
    assert.equal(cat('/etc/motd'), 'typed\n')
    assert.notEqual(nstopo(['exec', lab, 'h2', '--', 'cat', '/etc/motd']).stdout, 'typed\n')
    assert.equal(cp('h2:/etc/hostname', 'own:/srv').status, 0)
    assert.equal(cat('/srv/hostname'), readFileSync('/etc/hostname', 'utf8'))
    const owner = nstopo(['exec', lab, 'own', '--', 'stat', '-c', '%u:%g', '/srv/hostname'])
    assert.deepEqual([owner.stdout, owner.stderr], ['0:0\n', ''])
  })

  it('follows no link out of the node, wherever the node has put it', () => {
    const link = (target: string) => nstopo(['exec', lab, 'own', '--', 'ln', '-sfn', target, '/srv/link'])
    link('/proc/1/root/etc/motd')
    assert.match(cp('own:/srv/link', '-').stderr, /own:\/srv\/link (leads out of|is not there|may not)/)
    link('../../../../../../etc/motd')
    assert.equal(cp('own:/srv/link', '-').stdout, 'typed\n')
  })
})

describe('commands: cp', () => {
  const lab = labName('cp')
  const cp = (cwd: string, ...words: readonly string[]) => nstopo(['cp', lab, ...words], { cwd, input: 'typed' })

  before(() => {
    assert.equal(nstopo(['up', '-'], { input: `name: ${lab}\n${twoHosts}` }).status, 0)
  })
  after(() => {
    nstopo(['down', lab])
  })

  it('copies files both ways, with their rights and times, and without set-user-ID', () => {
    inFolder({ a: 'one', b: 'longer than one' }, cwd => {
      chmodSync(join(cwd, 'a'), 0o4751)
      utimesSync(join(cwd, 'a'), 1000, 2000)
      assert.equal(cp(cwd, 'a', `h1:${cwd}/c`).stdout, `a → h1:${cwd}/c: 1 file\n`)
      assert.equal(cp(cwd, `h1:${cwd}/c`, 'b').status, 0)
      const { mode, mtimeMs } = statSync(join(cwd, 'b'))
      assert.deepEqual([readFileSync(join(cwd, 'b'), 'utf8'), mode & 0o7777, mtimeMs], ['one', 0o751, 2_000_000])
      assert.deepEqual(json('cp', [lab, 'a', `h2:${cwd}/d`], cwd).result.bytes, 3)
    })
  })

  it('copies folders as cp does: into one that is there, or under a new name; what is in them with /.', () => {
    inFolder({}, cwd => {
      mkdirSync(join(cwd, 'from/inner'), { recursive: true })
      writeFileSync(join(cwd, 'from/inner/file'), 'deep')
      symlinkSync('/etc/passwd', join(cwd, 'from/link'))
      execFileSync('mkfifo', [join(cwd, 'from/pipe')])
      for (const dest of ['new', 'new', 'flat']) {
        const { status, stderr } = cp(cwd, dest === 'flat' ? `h1:${cwd}/from/.` : `h1:${cwd}/from`, dest)
        assert.equal(status, 0)
        assert.match(stderr, /from\/pipe is neither a file nor a folder: it is left out/)
      }
      assert.deepEqual(readdirSync(join(cwd, 'new')).sort(), ['from', 'inner', 'link'])
      for (const folder of ['new', 'new/from', 'flat']) {
        assert.equal(readlinkSync(join(cwd, folder, 'link')), '/etc/passwd')
        assert.equal(readFileSync(join(cwd, folder, 'inner/file'), 'utf8'), 'deep')
      }
      assert.match(cp(cwd, 'from', `h1:${cwd}/from/inner`).stderr, /is what is copied into: it is left out/)
    })
  })

  it('writes through no link that stands in a folder, and keeps a file that is there', () => {
    inFolder({ 'from-file': 'new', victim: 'old' }, cwd => {
      mkdirSync(join(cwd, 'into'))
      symlinkSync('../victim', join(cwd, 'into/from-file'))
      assert.equal(cp(cwd, 'from-file', `h1:${cwd}/into`).status, 0)
      assert.equal(readFileSync(join(cwd, 'victim'), 'utf8'), 'old')
      assert.ok(lstatSync(join(cwd, 'into/from-file')).isFile())
      linkSync(join(cwd, 'victim'), join(cwd, 'same'))
      assert.equal(cp(cwd, `h1:${cwd}/from-file`, 'victim').status, 0)
      assert.equal(readFileSync(join(cwd, 'same'), 'utf8'), 'new')
    })
  })

  it('reads standard input and writes standard output', () => {
    inFolder({}, cwd => {
      assert.deepEqual(cp(cwd, '-', `h1:${cwd}/typed`).status, 0)
      assert.deepEqual(cp(cwd, `h1:${cwd}/typed`, '-'), { status: 0, stdout: 'typed', stderr: '' })
    })
  })

  it('says what is not there, what is none, and how it is called', () => {
    inFolder({ a: '' }, cwd => {
      const told = (...words: readonly string[]) => {
        const { status, stderr } = cp(cwd, ...words)
        assert.equal(status, 2)
        return stderr
      }
      assert.match(told('h1:/no/such', '.'), /h1:\/no\/such is not there/)
      assert.match(told('a', 'h1:/no/such'), /h1:\/no is not there/)
      assert.match(told('a', 'h3:/x'), /has no node h3/)
      assert.match(told('a', 'b'), /one of them in a node/)
      assert.match(told('.', `h1:${cwd}/a`), /is no folder, and what is to be copied is one/)
      assert.match(told(`h1:${cwd}`, '-'), /is no file/)
    })
  })
})
