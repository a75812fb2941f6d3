/** A plan in, text for people out. */
import type { Operation, Plan } from '../model/plan.js'
import { describeOperation } from './describe.js'
import type { Paint } from './paint.js'
import { paint } from './paint.js'
import { totals } from './totals.js'

/** Each operation on a line of its own, in the order in which `up` would run them, and how many they are. */
export function renderPlan(plan: Plan, { colour }: { readonly colour: boolean }): string {
  if (plan.operations.length === 0) return `${plan.lab} is as it should be: nothing to do\n`
  const colours = paint(colour)
  const lines = plan.operations.map(operation => renderOperation(operation, colours))
  return `${lines.join('\n')}\n\n${plan.lab}: ${totals(plan.operations)}\n`
}

function renderOperation(operation: Operation, colours: Paint): string {
  const tint = { create: colours.good, update: colours.change, remove: colours.bad }[operation.verb]
  const line = `${tint(operation.verb)} ${describeOperation(operation)}`
  return operation.because === undefined ? line : `${line}\n       ${colours.faint(`– ${operation.because}`)}`
}
