/** The name of a saved plan in, the plan out. */
import { error } from '../../src/diagnostic.js'
import type { Plan } from '../../src/model/plan.js'
import { parsePlan } from '../../src/render/saved-plan.js'
import { type Read, readFileText } from './source.js'

export function readPlan(path: string): Read<Plan> {
  const text = readFileText(path)
  if ('problem' in text) return text
  const plan = parsePlan(text.value)
  if (typeof plan !== 'string') return { value: plan }
  return {
    problem: error('bad-value', `${path} is no plan: ${plan}`, undefined, {
      hint: 'nstopo plan --format json -o PLAN FILE saves one',
    }),
  }
}
