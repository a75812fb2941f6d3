/** Differences → the operations that mend them, in an order that works. */
import type { Change, Plan } from '../model/plan.js'
import type { State, Sysctl } from '../model/state.js'
import { resourceTypes } from '../resources/index.js'
import { arrange } from './plan/arrange.js'
import { finish } from './plan/finish.js'
import { numberLinks } from './plan/number.js'
import { promotions } from './plan/promote.js'
import { removals } from './plan/remove.js'
import { lost, replacedLinks } from './plan/replace.js'
import { settingOperations } from './plan/settings.js'
import { creations, updates } from './plan/write.js'

export interface PlanInput {
  readonly lab: string
  readonly changes: readonly Change[]
  readonly desired: State
  readonly observed: State
  /** What a new namespace's settings are, as far as anything says something about them. */
  readonly fresh: ReadonlyMap<string, string>
  /** Foreign things are removed too. */
  readonly prune?: boolean
}

/** What the parts of a plan are made from; `changes` are without the missing settings, which are most of a new lab. */
export interface Planning extends PlanInput {
  readonly missingSettings: readonly Sysctl[]
  /** `NODE LINK` of links that are made anew, with the reason. */
  readonly replaced: ReadonlyMap<string, string>
}

export function plan(input: PlanInput): Plan {
  const { changes, missingSettings } = apart(input.changes)
  const planning = { ...input, changes, missingSettings, replaced: replacedLinks({ ...input, changes }) }
  const taken = removals(planning)
  const operations = [
    ...taken,
    ...promotions(taken, planning),
    ...creations(planning),
    ...updates(planning),
    ...settingOperations(planning),
    ...lost(planning),
  ]
  const numbered = numberLinks(operations, input.observed)
  return {
    lab: input.lab,
    operations: arrange([...finish(numbered), ...numbered], input),
    // Only a plan that is saved, or was, needs it.
    get fingerprint() {
      return fingerprint(input.observed)
    },
  }
}

function apart(all: readonly Change[]): Pick<Planning, 'changes' | 'missingSettings'> {
  const changes: Change[] = []
  const missingSettings: Sysctl[] = []
  for (const change of all) {
    if (change.state === 'missing' && change.desired.type === 'sysctl') missingSettings.push(change.desired)
    else changes.push(change)
  }
  return { changes, missingSettings }
}

/** Differs when the kernel holds something else. */
export function fingerprint(observed: State): string {
  // Only saved plans have one, and loading it takes a millisecond or two.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  for (const node of [...observed.keys()].sort()) {
    const held = observed.get(node)!
    for (const type of resourceTypes) {
      const resources = type === 'namespace' ? [held.namespace] : [...held[type].values()]
      const texts = resources.map(resource => JSON.stringify({ ...resource, running: undefined, at: undefined }))
      hash.update(`${node} ${type} ${texts.sort().join()}`)
    }
  }
  return hash.digest('hex').slice(0, 32)
}
