/** A difference in, what it is about out. */
import type { Change } from './plan.js'
import type { Resource } from './state.js'

/** What should be, or else what is. */
export function subject(change: Change): Resource {
  return change.state === 'missing' || change.state === 'changed' ? change.desired : change.observed
}
