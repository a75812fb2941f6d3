import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Ready } from '../../src/model/network.js'
import { Output } from '../../src/supervisor/output.js'
import { countFailures, nextStart, usual } from '../../src/supervisor/pace.js'
import { until } from '../support/until.js'
import { shell, textOf, withHosts } from './support.js'

const sleeps = 'exec sleep infinity'
const log = (pattern: string): Ready => ({ by: 'log', pattern, timeout: 300 })
/** Ends with that status the first time, and says how often it has run. */
const firstEnds = (status: number) =>
  `echo run >> /run/runs; n=$(wc -l < /run/runs); echo "run $n"; [ $n -gt 1 ] || exit ${status}; ${sleeps}`

describe('starting processes again', () => {
  it('is done as its file says', () =>
    withHosts(['a', 'b', 'c'], async lab => {
      await lab.start(
        shell('failed', firstEnds(1), { restart: 'on-failure', ready: log('run 2') }),
        shell('always', firstEnds(0), { node: 'b', restart: 'always', ready: log('run 2') }),
        shell('well', firstEnds(0), { node: 'c', restart: 'on-failure' }),
        shell('never', 'exit 1'),
      )
      await until(
        'both have ended',
        () => lab.seen('well', 'c')?.state === 'exited' && lab.seen('never')?.state === 'exited',
      )
      assert.deepEqual(
        [lab.seen('failed'), lab.seen('always', 'b'), lab.seen('well', 'c'), lab.seen('never')].map(seen => [
          seen?.state,
          seen?.restarts,
          seen?.ended,
        ]),
        [
          ['ready', 1, 'exit 1'],
          ['ready', 1, 'exit 0'],
          ['exited', 0, 'exit 0'],
          ['exited', 0, 'exit 1'],
        ],
      )
      // What it wrote before is kept.
      assert.equal(textOf(lab.space, 'failed'), 'run 1\nrun 2\n')
    }))

  it('is given up after failures in a row', () =>
    withHosts(['a'], async lab => {
      const loop = shell('loop', 'sleep 1000 & echo "no $$"; kill -KILL $$', { restart: 'always', ready: log('yes') })
      const refused = await lab.give([{ do: 'start', process: loop }])
      assert.deepEqual(
        refused.map(({ reason, output }) => [reason, output.length]),
        [['was ended by SIGKILL, 5 times in a row', 5]],
      )
      const { state, restarts, ended } = lab.seen('loop')!
      assert.deepEqual({ state, restarts, ended }, { state: 'failed', restarts: 4, ended: 'SIGKILL' })
      // What it had started was ended before it was started again, but for the last.
      await until('one is left', () => lab.programs().join() === 'sleep 1000')
      assert.deepEqual(await lab.give([{ do: 'stop', node: 'a', name: 'loop', forget: true }]), [])
      assert.deepEqual(lab.programs(), [])
    }))

  it('waits longer each time, but never very long, and not for what had run well', () => {
    const pauses = [1, 2, 3, 4].map(failures => nextStart(usual, failures))
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000])
    assert.equal(nextStart(usual, usual.failures), undefined)
    assert.equal(nextStart({ ...usual, failures: 50 }, 49), usual.most)
    assert.equal(countFailures(usual, 4, usual.soon), 1)
    assert.equal(countFailures(usual, 3, usual.soon - 1), 4)
  })
})

describe('what processes write', () => {
  it('holds nothing open where its log can’t be', () => {
    const own = mkdtempSync(`${tmpdir()}/supervisor-`)
    const open = () => readdirSync('/proc/self/fd').length
    try {
      const place = {
        own,
        entry: `${own}/entry.json`,
        fifo: `${own}/output`,
        log: `${own}/none/log`,
        older: `${own}/none/log.1`,
      }
      const before = open()
      assert.throws(() => new Output(place, 4096), /ENOENT/)
      assert.equal(open(), before)
    } finally {
      rmSync(own, { recursive: true })
    }
  })

  it('is kept in the order in which it was written, its end whole', () =>
    withHosts(['a'], async lab => {
      const script = `i=0; while [ $i -lt 3000 ]; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); done; printf rest; ${sleeps}`
      await lab.start(shell('one', script, { log: 20_000 }))
      await until('the end', () => textOf(lab.space, 'one').endsWith('rest'))
      // The oldest one may have lost its beginning.
      const lines = textOf(lab.space, 'one').split('\n').slice(1)
      if (lines[0]?.startsWith('err')) lines.shift()
      const count = (lines.length - 1) / 2
      const wanted = Array.from({ length: count }, (_, i) => [`out ${3000 - count + i}`, `err ${3000 - count + i}`])
      assert.deepEqual(lines, [...wanted.flat(), 'rest'])
      const sizes = lab.space.outputs('a', 'one').map(path => statSync(path).size)
      assert.ok(sizes[0]! > 9000 && sizes.every(size => size <= 10_000), `${sizes}`)
    }))

  it('is no reason to wait, when something that it has started never stops writing', () =>
    withHosts(['a'], async lab => {
      const refused = await lab.give([{ do: 'start', process: shell('one', 'yes & exit 1', { ready: log('never') }) }])
      assert.deepEqual(
        refused.map(({ reason }) => reason),
        ['ended with status 1 before it was ready'],
      )
      assert.deepEqual(await lab.give([{ do: 'stop', node: 'a', name: 'one', forget: true }]), [])
      assert.deepEqual(lab.programs(), [])
    }))

  it('never takes more than was said, without one line end in it too', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('one', `head -c 3000000 /dev/zero; ${sleeps}`, { log: 100_001 }))
      await until('all was written', () => lab.programs().includes('sleep infinity'))
      const sizes = () =>
        lab.space.outputs('a', 'one').map(path => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
      await until('all was read', () => sizes()[0]! + sizes()[1]! >= 50_000)
      assert.ok(
        sizes().every(size => size <= 50_000),
        `${sizes()}`,
      )
    }))
})
