/** A lab that is up → which of its file's tests are true. */
import { type Bench, judge } from '../assertions.js'
import type { Kernel } from '../kernel/kernel.js'
import type { Document } from '../model/document.js'
import type { Result } from '../model/report.js'
import { traced } from '../model/trace.js'
import type { RunIn, TestReport, Verdict } from '../model/verdict.js'
import { sceneOf } from './explain.js'
import { failure, systemFailure } from './failures.js'
import { type Lab, surveyOf } from './lab.js'
import { earlierOf } from './record.js'

export interface TestOptions {
  readonly runIn: RunIn
  readonly signal?: AbortSignal
  /** Told of each as it is known. */
  readonly told?: (verdict: Verdict, document: Document) => void
}

/** One after the other, so that none is in another's way. */
export async function test(name: string, kernel: Kernel, options: TestOptions): Promise<Result<TestReport>> {
  const started = performance.now()
  const lab = surveyOf(name, kernel)
  try {
    if (lab.space.nodes().size === 0) return failure('not-up', `the lab ${name} is not up`, 'nstopo ls')
    const applied = earlierOf(lab).applied()
    const tests = applied?.network.tests ?? []
    if (!applied || tests.length === 0) return { ...failure('not-found', `the file of ${name} has no tests`, hint) }
    const bench = benchOf(lab, options)
    const verdicts: Verdict[] = []
    for (const assertion of tests) {
      const verdict = await traced(kernel.trace, assertion.kind, () => judge(assertion, bench))
      if (options.signal?.aborted) return failure('interrupted', 'the tests were interrupted')
      verdicts.push(verdict)
      options.told?.(verdict, applied.document)
    }
    const value = { lab: name, verdicts, milliseconds: performance.now() - started }
    return { value, diagnostics: [], document: applied.document }
  } catch (thrown) {
    return systemFailure(thrown)
  } finally {
    lab.space.close()
  }
}

const hint = 'tests: [{ reach: { from: h1, to: h2 } }]'

function benchOf(lab: Lab, { runIn, signal }: TestOptions): Bench {
  return { scene: sceneOf(lab), look: () => sceneOf(lab), runIn, ...(signal && { signal }) }
}
