/** Files that topologies name: what tells them from what they were, and what is not read. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finder } from '../../src/kernel/found.js'

describe('files that a topology names', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nstopo-found-'))
    mkdirSync(join(folder, 'frr/deep'), { recursive: true })
    writeFileSync(join(folder, 'frr/deep/conf'), 'one')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const at = (name: string) => join(folder, name)
  const copied = (name: string) => finder()(at(name), 'copy')
  const problem = (name: string) => {
    const found = copied(name)
    return 'problem' in found ? found.problem : 'none'
  }

  it('are told apart by content, name, permissions and links', () => {
    const seen = new Set<string>()
    const changes = [
      () => {},
      () => writeFileSync(at('frr/deep/conf'), 'two'),
      () => writeFileSync(at('frr/conf'), 'two'),
      () => chmodSync(at('frr/conf'), 0o444),
      () => symlinkSync('/nowhere', at('frr/link')),
    ]
    for (const change of changes) {
      change()
      assert.deepEqual(copied('frr'), copied('frr'))
      seen.add(JSON.stringify(copied('frr')))
    }
    assert.equal(seen.size, changes.length)
    assert.ok('digest' in copied('frr/deep/conf'))
  })

  it('need only be there to be seen', () => {
    execFileSync('mkfifo', [at('pipe')])
    assert.deepEqual(finder()(at('pipe'), 'bind'), { digest: '' })
    assert.deepEqual(finder()(at('none'), 'bind'), { problem: 'is not there' })
  })

  it('are not waited for, not followed, and bounded', () => {
    execFileSync('mkfifo', [at('frr/pipe')])
    assert.equal(problem('frr/pipe'), 'is neither a file nor a folder')
    assert.equal(problem('frr'), 'holds pipe, which is neither a file nor a folder')
    writeFileSync(at('large'), '')
    truncateSync(at('large'), 64 * 1024 * 1024 + 1)
    assert.equal(problem('large'), 'is larger than 64 MiB')
    symlinkSync('loop', at('loop'))
    assert.equal(problem('loop'), 'is a link that leads back to itself')
  })
})
