/** A lab that is up → how it differs from what was last applied; later, of some of its nodes again. */

import { subject } from '../model/change.js'
import type { Document } from '../model/document.js'
import type { Change, LabRecord } from '../model/plan.js'
import type { Result } from '../model/report.js'
import type { State } from '../model/state.js'
import { traced } from '../model/trace.js'
import { diff } from '../passes/diff.js'
import { kindOf } from '../resources/index.js'
import { compile, compileFor } from './compile.js'
import { failure } from './failures.js'
import type { Lab } from './lab.js'
import { earlierOf, sourceOf } from './record.js'
import { look } from './survey.js'

export interface Comparison {
  readonly lab: Lab
  readonly record: LabRecord
  readonly document: Document
  /** Nodes where neighbours are said. */
  neighbors(node: string): boolean
  /** Compares everything. */
  all(): readonly Change[]
  /** Reads these nodes again; the others are as they were. */
  again(nodes: ReadonlySet<string>): readonly Change[]
}

/** @param foreign whether what somebody else put there is a difference */
export function comparison(lab: Lab, foreign: boolean): Result<Comparison> {
  const { record, kernel } = lab
  if (!record) return notUp(lab.name)
  const { value, ...rest } = compileFor(compile(sourceOf(record, lab.name), kernel.trace), lab)
  if (!value) return rest
  const desired = value.state
  const earlier = earlierOf(lab)
  let observed: State = new Map()
  let changes: readonly Change[] = []
  const compare = (nodes?: ReadonlySet<string>) =>
    traced(kernel.trace, 'diff', () => diff({ desired, observed, made: earlier.made, nodes })).filter(
      change => foreign || change.state !== 'foreign',
    )
  return {
    ...rest,
    value: {
      ...{ lab, record, document: value.document },
      neighbors: node => (desired.get(node)?.neighbor.size ?? 0) > 0,
      all() {
        observed = look(desired, lab, { earlier })
        lab.space.close()
        changes = compare()
        return changes
      },
      again(nodes) {
        const seen = look(desired, lab, { earlier, again: { nodes, others: observed } })
        lab.space.close()
        observed = new Map([...[...observed].filter(([node]) => !nodes.has(node)), ...seen])
        changes = [...changes.filter(change => !nodes.has(subject(change).node)), ...compare(nodes)]
        return changes
      },
    },
  }
}

export function notUp(name: string): Result<never> {
  return failure('not-up', `the lab ${name} is not up`, 'nstopo ls')
}

/** The same for the same thing, however it differs. */
export function subjectKey(change: Change): string {
  const resource = subject(change)
  const key = resource.type === 'namespace' ? '' : kindOf(resource.type).key(resource)
  return `${resource.node} ${resource.type} ${key}`
}

/** The same for the same difference. */
export function changeKey(change: Change): string {
  const fields = change.state === 'changed' ? JSON.stringify(change.fields) : ''
  return `${change.state} ${subjectKey(change)} ${fields}`
}

/** Those that were not there before, and those whose subject no longer differs at all. */
export function news(before: readonly Change[], now: readonly Change[]) {
  const known = new Set(before.map(changeKey))
  const differing = new Set(now.map(subjectKey))
  return {
    drift: now.filter(change => !known.has(changeKey(change))),
    mended: before.filter(change => !differing.has(subjectKey(change))),
  }
}
