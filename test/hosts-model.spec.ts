/** From any hosts to any others, on the machine in memory: it ends where a fresh up ends, and what is refused is undone. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { diff, type SimulatedKernel, type Source, simulated, source, up } from '../src/index.js'
import { faulty } from './support/faulty.js'
import { worked } from './support/labs.js'
import { hostsLab, hostsText } from './support/random-hosts.js'

const several = fc.array(hostsLab, { minLength: 2, maxLength: 4 })
const runs = (usual: number) => Number(process.env.RUNS ?? usual)

describe('hosts, by the model', function () {
  this.timeout(3_600_000)

  it('the machine in memory ends where a fresh up ends', async () => {
    await fc.assert(
      fc.asyncProperty(several, async drawn => {
        const kernel = simulated()
        for (const subject of drawn.map(subjectOf)) {
          worked(await up(subject, kernel))
          assert.deepEqual(worked(diff(subject, kernel)).changes, [], subject.text)
          assert.deepEqual(worked(await up(subject, kernel)).operations, [], subject.text)
          const fresh = simulated()
          worked(await up(subject, fresh))
          assert.deepEqual(hostsOf(kernel), hostsOf(fresh), subject.text)
        }
      }),
      { numRuns: runs(25) },
    )
  })

  it('a change that is refused somewhere leaves all as it was', async () => {
    await fc.assert(
      fc.asyncProperty(hostsLab, hostsLab, fc.nat(150), async (one, other, place) => {
        const kernel = simulated()
        worked(await up(subjectOf(one), kernel))
        const before = hostsOf(kernel)
        const faults = faulty(kernel, new Set([place]))
        await up(subjectOf(other), faults)
        if (faults.refused.length > 0) assert.deepEqual(hostsOf(kernel), before, JSON.stringify(faults.refused))
      }),
      { numRuns: runs(60) },
    )
  })
})

function subjectOf(drawn: Parameters<typeof hostsText>[0]): Source {
  return source(hostsText(drawn), { name: 'model' })
}

const hostsOf = (kernel: SimulatedKernel): unknown => kernel.holdings().labs.model!.nodes
