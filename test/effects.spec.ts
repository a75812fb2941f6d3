/** What the program does to the machine, seen by strace(1): no program is run, and a second `up` changes nothing. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labName, run } from './support/machine.js'

/** The system calls of a whole command, its threads' too. */
function traced(calls: string, ...words: string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-trace-'))
  try {
    const file = join(folder, 'calls')
    run('strace', '-f', '-qq', '-e', `trace=${calls}`, '-o', file, process.execPath, 'dist/nstopo.cjs', ...words)
    return readFileSync(file, 'utf8').trim().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Messages of rtnetlink come in fours: new, delete, get, set (linux/rtnetlink.h). */
function changes(line: string): boolean {
  return [...line.matchAll(/nlmsg_type=(0x[0-9a-f]+)/g)].some(match => Number(match[1]) % 4 !== 2)
}

describe('effects', () => {
  const name = labName('effects')
  const file = 'topologies/branch.yaml'
  after(() => run(process.execPath, 'dist/nstopo.cjs', 'down', name))

  it('up, plan, diff, inspect and down run no program', () => {
    for (const words of [
      ['plan', '--name', name, file],
      ['up', '--name', name, file],
      ['up', '--name', name, file],
      ['diff', name],
      ['inspect', name],
      ['down', name],
    ]) {
      const started = traced('execve', ...words).filter(line => line.includes('execve(') && !line.includes('ENOENT'))
      assert.equal(started.length, 1, started.join('\n'))
    }
  })

  it('the first up sends changes, a second one none, and writes no setting', () => {
    const calls = 'sendto,sendmsg,unshare,mount,openat'
    assert.ok(traced(calls, 'up', '--name', name, file).some(changes))
    const again = traced(calls, 'up', '--name', name, file)
    assert.ok(
      again.some(line => line.includes('nlmsg_type=0x12')),
      'it looks',
    )
    const done = again.filter(
      line =>
        changes(line) ||
        /\b(unshare|mount)\(/.test(line) ||
        (/openat\(.*O_(WRONLY|RDWR)/.test(line) && line.includes('sys/net')),
    )
    assert.deepEqual(done, [])
  })
})
