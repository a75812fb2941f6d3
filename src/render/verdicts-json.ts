/** What came of tests in, the values that `--json` prints of it out; their schema is in schemas/verdicts.ts. */
import type { Document } from '../model/document.js'
import type { TestReport } from '../model/verdict.js'
import { passageJson } from './explain-json.js'
import { placeJson } from './place.js'
import type { ResultOf } from './schemas.js'

export function testsJson(
  { lab, verdicts, milliseconds }: TestReport,
  document: Document | undefined,
): ResultOf<'test'> {
  const tests = verdicts.map(({ name, assertion, failures, ...rest }) => ({
    ...{ name, kind: assertion.kind, ok: failures.length === 0, milliseconds: rest.milliseconds },
    ...(document ? { place: placeJson(assertion.at, document) } : {}),
    failures: failures.map(({ passages, ...failure }) => {
      return { ...failure, passages: passages.map(passage => passageJson(passage, document)) }
    }),
  }))
  return { lab, milliseconds, tests }
}
