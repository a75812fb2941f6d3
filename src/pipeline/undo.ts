/** A run that failed → the lab as it was before: a new one is taken down, a changed one planned back. */
import { type Diagnostic, error } from '../diagnostic.js'
import { SystemError } from '../kernel/kernel.js'
import type { NodeState, State } from '../model/state.js'
import { kindOf } from '../resources/index.js'
import type { Lab } from './lab.js'
import { leftStanding } from './recover.js'
import { approach, mostRounds } from './settle.js'
import type { Survey } from './survey.js'

export interface Undone {
  /** Whether all is as it was. */
  readonly whole: boolean
  readonly problems: readonly Diagnostic[]
}

/** @param fresh whether the lab stood before */
export async function undo(found: Survey, lab: Lab, fresh: boolean): Promise<Undone> {
  try {
    const backed = fresh && found.observed.size === 0 ? true : await planBack(found, lab)
    const problems = backed ? [] : [notUndone(lab, 'the kernel does not take everything back')]
    const left = fresh ? remove(found, lab) : restoreRecord(lab)
    return { whole: backed && left.length === 0, problems: [...problems, ...left] }
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
    return { whole: false, problems: [notUndone(lab, `${thrown.operation}: ${thrown.errno} (${thrown.text})`)] }
  }
}

/** Several times, as the kernel takes things along; whether nothing was left to do. */
async function planBack(found: Survey, lab: Lab): Promise<boolean> {
  if (!lab.space.exists) return true
  for (let round = 0; round <= mostRounds; round++)
    if ((await approach(withoutKernels(found.observed), found, { lab })).operations === 0) return true
  return false
}

/** What was taken over from others stays, and is theirs again. */
function remove({ observed }: Survey, { name, space }: Lab): readonly Diagnostic[] {
  const { left } = space.remove(new Set(observed.keys()))
  return leftStanding(name, left)
}

function restoreRecord({ space, record }: Lab): readonly Diagnostic[] {
  const now = space.record().record
  if (record) space.saveRecord(record)
  // A lab that had no record was changed from what the kernel showed: so it may be again.
  else if (now) space.saveRecord({ ...now, state: 'kept' })
  return []
}

function notUndone({ name }: Lab, why: string): Diagnostic {
  return error('not-undone', `the lab ${name} could not be put back as it was: ${why}`, undefined, {
    hint: `nstopo diff ${name} says what differs; nstopo down ${name} takes it away`,
  })
}

/** What the kernel puts there by itself is not ours to put back. */
function withoutKernels(state: State): State {
  const kept = <V>(map: ReadonlyMap<string, V>, keep: (value: V) => boolean) =>
    new Map([...map].filter(([, value]) => keep(value)))
  const strip = (held: NodeState): NodeState => ({
    ...held,
    address: kept(held.address, a => kindOf('address').owner(a) !== 'kernel'),
    route: kept(held.route, r => kindOf('route').owner(r) !== 'kernel'),
    rule: kept(held.rule, r => kindOf('rule').owner(r) !== 'kernel'),
  })
  return new Map([...state].map(([node, held]) => [node, strip(held)]))
}
