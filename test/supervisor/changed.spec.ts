import assert from 'node:assert/strict'
import type { Ready } from '../../src/model/network.js'
import type { Process } from '../../src/model/state.js'
import { until } from '../support/until.js'
import { type Lab, shell, textOf, withHosts } from './support.js'

const log = (pattern: string, timeout = 20): Ready => ({ by: 'log', pattern, timeout })
const start = (lab: Lab, process: Process) => lab.give([{ do: 'start', process }])
const steady = (more: Partial<Process> = {}) => shell('one', 'echo one; exec sleep infinity', more)

describe('what is done about a process', () => {
  it('changes while its program goes on', () =>
    withHosts(['a'], async lab => {
      await lab.start(steady(), shell('other', 'exec sleep infinity'))
      await until('it has spoken', () => textOf(lab.space, 'one') === 'one\n')
      const { pid } = lab.seen('one')!
      const needs = [{ node: 'a', process: 'other' }]
      const stop = { signal: 'KILL', grace: 1 }
      for (const more of [{ needs }, { restart: 'always' }, { stop }, { log: 5000 }] as const) {
        await lab.start(steady(more))
        assert.deepEqual([lab.seen('one')?.pid, lab.seen('one')?.state], [pid, 'running'])
      }
      // It is ready by what it has said already, and is only running when nobody asks any more.
      await lab.start(steady({ ready: log('^one$') }))
      assert.deepEqual([lab.seen('one')?.pid, lab.seen('one')?.state], [pid, 'ready'])
      await lab.start(steady({ restart: 'always' }))
      assert.deepEqual([lab.seen('one')?.pid, lab.seen('one')?.state], [pid, 'running'])
      // The new words are those that count.
      process.kill(pid!, 'SIGKILL')
      await until('it runs again', () => lab.seen('one')?.restarts === 1 && lab.seen('one')?.state === 'running')
    }))

  it('is waited for anew, and refused when it is not met', () =>
    withHosts(['a'], async lab => {
      await lab.start(steady({ ready: log('^one$') }))
      const { pid } = lab.seen('one')!
      const refused = await start(lab, steady({ ready: log('^two$', 0.05) }))
      assert.deepEqual(
        refused.map(({ reason }) => reason),
        ['was not ready within 0.05 s'],
      )
      assert.deepEqual([lab.seen('one')?.pid, lab.seen('one')?.state], [pid, 'starting'])
      // The condition before holds, as it did.
      await lab.start(steady({ ready: log('^one$') }))
      assert.deepEqual([lab.seen('one')?.pid, lab.seen('one')?.state], [pid, 'ready'])
    }))

  it('starts nothing again that has done its work, unless it should listen', () =>
    withHosts(['a'], async lab => {
      const once = (more: Partial<Process> = {}) => shell('once', 'echo once', more)
      await lab.start(once())
      await until('it is done', () => lab.seen('once')?.ended === 'exit 0')
      await lab.start(once({ ready: { by: 'after', seconds: 0.001, timeout: 20 } }))
      assert.equal(textOf(lab.space, 'once'), 'once\n')
      const listen: Ready = { by: 'listen', protocol: 'tcp', port: 80, timeout: 20 }
      assert.equal((await start(lab, once({ ready: listen })))[0]?.reason, 'ended with status 0 before it was ready')
      assert.equal(textOf(lab.space, 'once'), 'once\nonce\n')
    }))
})
