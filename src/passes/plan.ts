/** Differences → the operations that mend them, in an order that works. */
import { subject } from '../model/change.js'
import type { Change, Operation, Plan } from '../model/plan.js'
import type { Resource, State, Sysctl } from '../model/state.js'
import { kindOf, resourceTypes } from '../resources/index.js'
import { arrange, isLast } from './plan/arrange.js'
import { finish } from './plan/finish.js'
import { hosting, isOfHost } from './plan/hosts.js'
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
  const { changes, missingSettings, ofHosts } = apart(input.changes)
  const planning = { ...input, changes, missingSettings, replaced: replacedLinks({ ...input, changes }) }
  const taken = removals(planning)
  const operations = [
    ...taken,
    ...promotions(taken, planning),
    ...creations(planning),
    ...updates(planning),
    ...settingOperations(planning, taken),
    ...lost(planning),
  ]
  const numbered = numberLinks(operations, input.observed)
  const arranged = arrange([...finish(numbered), ...numbered], input)
  return {
    lab: input.lab,
    operations: ofHosts.length === 0 ? arranged : withHosts(arranged, { ...input, changes: ofHosts }),
    // Only a plan that is saved, or was, needs it.
    get fingerprint() {
      return fingerprint(input.observed)
    },
  }
}

/** What runs in a node ends before anything is changed, and a node goes when all that may be refused is done. */
function withHosts(network: readonly Operation[], input: PlanInput): readonly Operation[] {
  const last = network.filter(isLast)
  const { stops, rest } = hosting({ ...input, leaving: new Set(last.map(({ resource }) => resource.node)) })
  return [...stops, ...network.filter(op => !isLast(op)), ...rest, ...last]
}

function apart(all: readonly Change[]): Pick<Planning, 'changes' | 'missingSettings'> & { ofHosts: readonly Change[] } {
  const changes: Change[] = []
  const ofHosts: Change[] = []
  const missingSettings: Sysctl[] = []
  for (const change of all) {
    if (change.state === 'missing' && change.desired.type === 'sysctl') missingSettings.push(change.desired)
    else if (isOfHost(subject(change))) ofHosts.push(change)
    else changes.push(change)
  }
  return { changes, missingSettings, ofHosts }
}

/** The kernel's own addresses, and the routes to them, come a moment after a link is up. */
function lasts(resource: Resource): boolean {
  return (
    !(resource.type === 'address' || resource.type === 'route') || kindOf(resource.type).owner(resource) !== 'kernel'
  )
}

/** What changes by itself. */
const passing = { running: undefined, detection: undefined, at: undefined, pid: undefined, seen: undefined }

/** Differs when the kernel holds something else. */
export function fingerprint(observed: State): string {
  // Only saved plans have one, and loading it takes a millisecond or two.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  for (const node of [...observed.keys()].sort()) {
    const held = observed.get(node)!
    for (const type of resourceTypes) {
      const resources = type === 'namespace' ? [held.namespace] : [...held[type].values()]
      const texts = resources.filter(lasts).map(resource => JSON.stringify({ ...resource, ...passing }))
      hash.update(`${node} ${type} ${texts.sort().join()}`)
    }
  }
  return hash.digest('hex').slice(0, 32)
}
