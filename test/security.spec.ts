/** What another user of the machine can do to labs of root's, and what he can have us believe: SECURITY.md's claims. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { source } from '../src/index.js'
import { kernel, withLab } from './support/labs.js'
import { labName, machine } from './support/machine.js'

const nobody = 65534

/** The built program, copied to where any user may read it. */
let folder = ''

function asNobody(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const user = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  return spawnSync('setpriv', [...user, process.execPath, join(folder, 'dist/nstopo.cjs'), ...words], {
    ...{ cwd: folder, encoding: 'utf8', timeout: 300_000 },
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env },
  })
}

describe('security', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nstopo-security-'))
    chmodSync(folder, 0o755)
    for (const part of ['dist', 'package.json', 'node_modules/koffi', 'node_modules/@koromix'])
      cpSync(part, join(folder, part), { recursive: true, dereference: true })
  })
  after(() => rmSync(folder, { recursive: true }))

  it('another user has labs of his own, and can do nothing to those of root', async () => {
    const [name, before] = [labName('private'), machine()]
    await withLab(source('nodes: { h1: {}, h2: {} }\nlinks: [[h1, h2]]\n', { name }), () => {
      const standing = machine()
      assert.equal(statSync('/run/nstopo').mode & 0o7777, 0o755)
      assert.equal(statSync(`/run/nstopo/${name}`).mode & 0o7777, 0o755)
      assert.equal(statSync(`/run/nstopo/${name}/lab.json`).mode & 0o7777, 0o600)
      assert.equal(asNobody(['ls']).stdout, 'no lab is up\n')
      for (const words of [
        ['inspect', name],
        ['diff', name],
        ['down', name],
        ['exec', name, 'h1', '--', 'true'],
      ]) {
        const { stdout, stderr } = asNobody(words)
        assert.match(stdout + stderr, / (is|was) not up/, words.join(' '))
      }
      assert.deepEqual(machine(), standing)
    })
    assert.deepEqual(machine(), before)
  })

  it('a lock is nobody else’s to hold', () => {
    const name = labName('lock')
    const lock = kernel.lock(name)
    assert.ok('release' in lock)
    assert.equal(statSync(`/run/nstopo/${name}.lock`).mode & 0o7777, 0o600)
    lock.release()
  })

  it('compiled code is believed only from a folder that no one else writes to', () => {
    for (const [owner, mode, used] of [
      [nobody, 0o700, true],
      [nobody, 0o777, false],
      [1, 0o777, false],
    ] as const) {
      const cache = mkdtempSync(join(folder, 'cache-'))
      mkdirSync(join(cache, 'nstopo'))
      chownSync(cache, nobody, nobody)
      chownSync(join(cache, 'nstopo'), owner, owner)
      chmodSync(join(cache, 'nstopo'), mode)
      assert.equal(asNobody(['version'], { XDG_CACHE_HOME: cache }).status, 0)
      asNobody(['ls'], { XDG_CACHE_HOME: cache })
      assert.equal(readdirSync(join(cache, 'nstopo')).length > 0, used, `${owner} ${mode.toString(8)}`)
    }
  })
})
