/** From any network to any other, in place: the kernel holds what the second file says, as if it had come first. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { diff, down, plan, renderDiagnostics, source, up } from '../src/index.js'
import { nameOf } from '../src/resources/index.js'
import { kernel } from './support/labs.js'
import { labName, machine } from './support/machine.js'
import { network, textOf } from './support/random-network.js'

describe('in place, at random', () => {
  it('ends where a fresh up ends, whatever was there', async () => {
    const name = labName('random')
    const before = machine()
    await fc.assert(
      fc.asyncProperty(network, network, network, async (...drawn) => {
        try {
          for (const subject of drawn.map(one => source(textOf(one), { name }))) {
            const planned = plan(subject, kernel).value?.plan.operations.map(
              op => `${op.verb} ${nameOf(op.resource)} ${op.because ?? ''}`,
            )
            const { value, diagnostics, document } = await up(subject, kernel)
            const told = renderDiagnostics(
              diagnostics.filter(d => d.severity === 'error'),
              document,
              { colour: false },
            )
            // What the language does not allow is no network to go to.
            if (!value && !diagnostics.some(d => d.code === 'kernel-refused')) continue
            assert.equal(told, '', `${subject.text}\n${planned?.join('\n')}`)
            assert.deepEqual(diff(subject, kernel).value!.changes, [], `${subject.text}\n${planned?.join('\n')}`)
          }
        } finally {
          await down(name, kernel)
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 12) },
    )
    assert.deepEqual(machine(), before)
  })
})
