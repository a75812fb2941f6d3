/** From any network to any other, on the machine in memory and on the real one: both end where a fresh `up` ends. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  diff,
  down,
  type Kernel,
  renderDiagnostics,
  type SimulatedKernel,
  type Source,
  simulated,
  source,
  up,
} from '../src/index.js'
import { compile } from '../src/pipeline.js'
import { heldBy } from './support/held.js'
import { kernel as real, worked } from './support/labs.js'
import { labName, machine, witness } from './support/machine.js'
import { network, textOf } from './support/random-network.js'

const name = labName('model')
const several = fc.array(network, { minLength: 2, maxLength: 4 })
const runs = (usual: number) => Number(process.env.RUNS ?? usual)

describe('in place, by the model', function () {
  this.timeout(3_600_000)

  it('the machine in memory ends where a fresh up ends', async () => {
    await fc.assert(
      fc.asyncProperty(several, async drawn => {
        const kernel = simulated()
        for (const subject of subjectsOf(drawn)) {
          await changeTo(subject, kernel)
          const fresh = simulated()
          worked(await up(again(subject, kernel), fresh))
          assert.deepEqual(nodesOf(kernel), nodesOf(fresh), subject.text)
        }
      }),
      { numRuns: runs(150) },
    )
  })

  it('the real machine does, and holds what the one in memory holds', async () => {
    const before = machine()
    await fc.assert(
      fc.asyncProperty(several, async drawn => {
        const [kernel, subjects] = [simulated(), subjectsOf(drawn)]
        try {
          const held: [Source, unknown][] = []
          for (const subject of subjects) {
            await changeTo(subject, kernel)
            await changeTo(subject, real)
            assert.deepEqual(stateOf(subject, real), stateOf(subject, kernel), subject.text)
            held.push([again(subject, real), witnessAll()])
          }
          for (const [subject, inPlace] of held) {
            worked(await down(name, real))
            worked(await up(subject, real))
            assert.deepEqual(inPlace, witnessAll(), subject.text)
          }
        } finally {
          await down(name, real)
        }
      }),
      // To look for a smaller example takes minutes on the real machine.
      { numRuns: runs(8), endOnFailure: true },
    )
    assert.deepEqual(machine(), before)
  })

  it('a subnet that was led elsewhere is joined again', async () => {
    const memory = simulated()
    try {
      for (const text of joinedAgain) {
        const subject = source(text, { name })
        for (const kernel of [memory, real]) await changeTo(subject, kernel)
        assert.deepEqual(stateOf(subject, memory), stateOf(subject, real), text)
      }
    } finally {
      await down(name, real)
    }
  })
})

/** The route to 10.0.0.0/24 takes the place of the kernel's own; when the subnet is joined again, theirs stand side by side. */
const joinedAgain = [
  `
nodes: { a: , b: , c: }
links: [[a 10.0.0.1/24, b 10.0.0.2/24], [a:x 10.0.1.1/24, c 10.0.1.2/24]]
`,
  `
nodes: { a: { routes: [{ to: 10.0.0.0/24, via: 10.0.1.2 }] }, b: , c: }
links: [[a:x 10.0.1.1/24, c 10.0.1.2/24]]
`,
  `
nodes: { a: { routes: [{ to: 10.9.0.0/16, via: 10.0.0.2 }] }, b: , c: }
links: [[a 10.0.0.1/24, b 10.0.0.2/24]]
`,
]

/** What the language does not allow is no network to go to. */
function subjectsOf(drawn: readonly Parameters<typeof textOf>[0][]): readonly Source[] {
  return drawn.map(one => source(textOf(one), { name })).filter(subject => compile(subject).value !== undefined)
}

async function changeTo(subject: Source, kernel: Kernel): Promise<void> {
  const { diagnostics, document } = await up(subject, kernel)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  assert.equal(renderDiagnostics(errors, document, { colour: false }), '', subject.text)
  assert.deepEqual(worked(diff(subject, kernel)).changes, [], subject.text)
}

/** The same file for a lab that is new, with the subnets that the running one's segments have kept. */
function again(subject: Source, kernel: Kernel): Source {
  const { assigned } = kernel.space(name).record().record!.source
  return { ...subject, assigned }
}

function nodesOf(kernel: SimulatedKernel): unknown {
  return kernel.holdings().labs[name]!.nodes
}

function stateOf(subject: Source, kernel: Kernel): unknown {
  return heldBy(kernel, name, worked(compile(again(subject, kernel))).state)
}

function witnessAll(): unknown {
  const nodes = [...real.space(name).nodes().keys()].sort()
  return Object.fromEntries(nodes.map(node => [node, witness(`${name}.${node}`)]))
}
