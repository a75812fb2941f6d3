/** Processes that are to end: those that have, as far as anybody can tell, are not waited for. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { residentsOf } from '../../src/kernel/holders.js'
import { processStat } from '../../src/kernel/host/living.js'
import { linkTarget } from '../../src/kernel/nsfs.js'
import { endProcesses } from '../../src/kernel/processes.js'
import { until } from '../support/until.js'

const childrenOf = (pid: number) =>
  (readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? []).map(Number)
const stateOf = (pid: number) => processStat(pid)?.state

describe('processes of a PID namespace', () => {
  it('that ended, and whose parent outside takes no note of it, are nobody to wait for', async () => {
    const polite = 'trap exit TERM; sleep infinity & wait'
    const outer = spawn('unshare', ['--pid', '--fork', 'sh', '-c', polite], { stdio: 'ignore' })
    await until('it has a first process', () => childrenOf(outer.pid!).length > 0)
    const first = childrenOf(outer.pid!)[0]!
    await until('that has a child', () => childrenOf(first).length > 0)
    const inside = `/proc/${first}/ns/pid`
    const careless = spawn('nsenter', ['--no-fork', `--pid=${inside}`, 'sh', '-c', 'true & exec sleep infinity'], {
      stdio: 'ignore',
    })
    try {
      await until('one has ended', () => childrenOf(careless.pid!).some(pid => stateOf(pid) === 'Z'))
      const nodes = new Map([[linkTarget(inside)!, 'a']])
      assert.deepEqual(new Set(residentsOf(nodes)), new Set([first, ...childrenOf(first)]))
      let looks = 0
      endProcesses(() => {
        looks++
        return residentsOf(nodes)
      })
      assert.equal(looks, 3)
      // It waits for the other, but holds nothing any more.
      assert.equal(linkTarget(`/proc/${first}/ns/net`), undefined)
    } finally {
      careless.kill('SIGKILL')
      if (stateOf(first)) process.kill(first, 'SIGKILL')
      await until('the first ends', () => linkTarget(`/proc/${first}/ns/net`) === undefined)
    }
  })
})
