/** What `plan --format json` printed in, the plan out. */
import validate from '../generated/validate-plan.js'
import type { Plan } from '../model/plan.js'

/** The plan, or what is wrong with the text. */
export function parsePlan(text: string): Plan | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'it is not JSON'
  }
  if (typeof json !== 'object' || json === null || !('result' in json)) return 'it has no result'
  const { result } = json
  if (validate(result)) return result
  const [first] = validate.errors ?? []
  return `result${first?.instancePath ?? ''} ${first?.keyword === 'required' ? 'lacks something' : 'is not as it should be'}`
}
