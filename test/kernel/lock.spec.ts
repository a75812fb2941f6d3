import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs'
import type { Lock } from '../../src/kernel/kernel.js'
import { SystemError } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { labName, machine } from './lab.js'

const isLock = (lock: object): lock is Lock => 'release' in lock

describe('the lock of a lab', () => {
  it('names who holds it, and is free when that one is killed', async () => {
    const lab = labName()
    const before = machine(lab)
    const holder = spawn('node', ['--import', 'tsx', 'test/kernel/programs/hold.ts', lab], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    assert.equal(String((await once(holder.stdout, 'data'))[0]), 'held\n')
    const taken = linux().lock(lab)
    assert.ok(!isLock(taken))
    assert.equal(taken.pid, holder.pid)
    assert.match(taken.command, new RegExp(`hold\\.ts ${lab}$`))
    // Another lab is not concerned.
    const other = linux().lock(labName())
    assert.ok(isLock(other))
    other.release()
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const free = linux().lock(lab)
    assert.ok(isLock(free))
    free.release()
    assert.deepEqual(machine(lab), before)
  })

  it('holds within one process too, and can be taken again', () => {
    const lab = labName()
    const [first, second] = [linux().lock(lab), linux().lock(lab)]
    assert.ok(isLock(first) && !isLock(second))
    assert.equal(second.pid, process.pid)
    first.release()
    const third = linux().lock(lab)
    assert.ok(isLock(third))
    third.release()
    assert.ok(!existsSync(`/run/nstopo/${lab}.lock`))
  })

  it('does not follow a link that lies in its place', () => {
    const [lab, other] = [labName(), labName()]
    const keep = linux().lock(other)
    assert.ok(isLock(keep))
    const path = `/run/nstopo/${lab}.lock`
    symlinkSync(`/run/nstopo/${other}.lock`, path)
    const before = readFileSync(`/run/nstopo/${other}.lock`, 'utf8')
    assert.throws(() => linux().lock(lab), SystemError)
    assert.equal(readFileSync(`/run/nstopo/${other}.lock`, 'utf8'), before)
    unlinkSync(path)
    keep.release()
  })

  it('serves many runs at once that come and go', async () => {
    const script = `import { linux } from './src/kernel/linux.ts'
      for (let i = 0; i < 40; i++) {
        const kernel = linux(), lab = process.argv[1] + '-' + (i % 3), lock = kernel.lock(lab)
        if (!('release' in lock)) continue
        const space = kernel.space(lab)
        space.create(); space.createNode('a'); space.home(); space.remove(); lock.release()
      }`
    const lab = labName()
    const runs = [1, 2, 3].map(() =>
      spawn('node', ['--import', 'tsx', '--input-type=module', '-e', script, lab], { stdio: 'inherit' }),
    )
    const exits = await Promise.all(runs.map(run => once(run, 'exit')))
    assert.deepEqual(
      exits.map(([code]) => code),
      [0, 0, 0],
    )
    for (const i of [0, 1, 2]) assert.equal(existsSync(`/run/nstopo/${lab}-${i}`), false)
  })
})
