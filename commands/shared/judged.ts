/** A lab that is up in; its tests run, told as they are known, and the exit status out. */
import { writeFileSync } from 'node:fs'
import type { Result } from '../../src/model/report.js'
import type { TestReport } from '../../src/model/verdict.js'
import { test } from '../../src/pipeline/test.js'
import { renderJunit } from '../../src/render/junit.js'
import { renderTap } from '../../src/render/tap.js'
import { renderTests, renderVerdict } from '../../src/render/verdicts.js'
import { testsJson } from '../../src/render/verdicts-json.js'
import type { Interruption } from './interrupt.js'
import { machine } from './machine.js'
import { colourOf, finish, unwritable } from './output.js'
import { runIn } from './run-in-node.js'
import { statusOf } from './status.js'

export interface JudgeFlags {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly tap: boolean
  readonly junit?: string | undefined
}

export function judged(lab: string, { signal }: Interruption, flags: JudgeFlags): Promise<Result<TestReport>> {
  const kernel = machine()
  const told = flags.json || flags.tap || flags.quiet
  return test(lab, kernel, {
    ...{ runIn: runIn(lab, signal), signal },
    ...(!told && {
      told: (verdict, document) =>
        void process.stdout.write(renderVerdict(verdict, { colour: colourOf(process.stdout), document })),
    }),
  })
}

/** 0: all are true; 1: some are not; else what the diagnostics make. */
export async function tell(
  { value, ...rest }: Result<TestReport>,
  stop: Interruption,
  flags: JudgeFlags,
): Promise<number> {
  const { document } = rest
  const failed = value?.verdicts.some(({ failures }) => failures.length > 0)
  const problem = value && flags.junit !== undefined ? written(flags.junit, renderJunit(value, document)) : undefined
  const diagnostics = [...rest.diagnostics, ...(problem ? [problem] : [])]
  const status = statusOf(diagnostics, stop.status()) || (failed ? 1 : 0)
  const text = (colour: boolean) =>
    !value ? '' : flags.tap ? renderTap(value, document) : renderTests(value, { colour })
  return finish(
    { command: 'test', document, diagnostics, result: value && testsJson(value, document), text, status },
    flags,
  )
}

function written(path: string, text: string) {
  try {
    writeFileSync(path, text)
    return undefined
  } catch (thrown) {
    return unwritable(path, thrown)
  }
}
