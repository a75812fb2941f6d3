/** A machine in memory gives for every shipped topology what the real one gives. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { diff, down, type Kernel, type Source, simulated, up } from '../../src/index.js'
import { compile } from '../../src/pipeline.js'
import { heldBy } from '../support/held.js'
import { fileSource, kernel as real, shipped, withLab, worked } from '../support/labs.js'
import { labName } from '../support/machine.js'

describe('a simulated kernel', () => {
  for (const path of shipped) {
    const subject = fileSource(path, labName(basename(path, '.yaml')))

    it(`holds what the real one holds: ${basename(path)}`, async () => {
      const kernel = simulated()
      worked(await up(subject, kernel))
      const there = await withLab(subject, () => stateOf(subject, real))
      assert.deepEqual(stateOf(subject, kernel), there)
    })

    it(`has no difference from the file, nothing to send twice, and nothing left: ${basename(path)}`, async () => {
      const kernel = simulated()
      const before = kernel.holdings()
      worked(await up(subject, kernel))
      assert.deepEqual(worked(diff(subject, kernel)).changes, [])
      const after = kernel.holdings()
      assert.deepEqual(worked(await up(subject, kernel)).operations, [])
      assert.deepEqual(kernel.holdings(), after)
      worked(await down(subject.name!, kernel))
      assert.deepEqual(kernel.holdings(), before)
    })
  }
})

/** All that the lab's nodes hold, and the settings that the file says something about. */
function stateOf(subject: Source, kernel: Kernel): unknown {
  return heldBy(kernel, subject.name!, worked(compile(subject)).state)
}
