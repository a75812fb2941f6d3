/** Anything that can be asked of a node, at random: the machine in memory takes and refuses what the real one does. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { down, type Kernel, simulated, source, up } from '../../src/index.js'
import { compile } from '../../src/pipeline.js'
import { heldBy } from '../support/held.js'
import { kernel as real, worked } from '../support/labs.js'
import { labName, machine } from '../support/machine.js'
import { ask, requests } from './requests.js'

const name = labName('odd')
const subject = source(
  `nodes:
  a: { kind: router, interfaces: { br0: { kind: bridge, ports: tap0 }, tap0: { kind: tap }, mv: { kind: macvlan, parent: eth1 } } }
  b:
links:
  - [a 10.0.0.1/24 fd00::1/64, b 10.0.0.2/24 fd00::2/64]
  - [a 10.0.1.1/24 fd00:1::1/64, b 10.0.1.2/24 fd00:1::2/64]
`,
  { name },
)

describe('the machine in memory, at random', () => {
  it('takes, refuses and then holds what the real one does', async () => {
    const before = machine()
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 12 }), async drawn => {
        const memory = simulated()
        try {
          for (const kernel of [memory, real]) worked(await up(subject, kernel))
          for (const request of drawn) {
            const answers = [memory, real].map(kernel => ask(request, kernel, name))
            assert.equal(answers[0], answers[1], JSON.stringify(request))
          }
          assert.deepEqual(stateOf(memory), stateOf(real))
        } finally {
          await down(name, real)
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 40) },
    )
    assert.deepEqual(machine(), before)
  })
})

function stateOf(kernel: Kernel): unknown {
  return heldBy(kernel, name, worked(compile(subject)).state)
}
