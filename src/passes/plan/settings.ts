/** Differences → sysctls that are written, also because writing another one reset them. */
import type { Operation } from '../../model/plan.js'
import type { NodeState, Sysctl } from '../../model/state.js'
import { interfaceOf, resets, resetValue } from '../../resources/index.js'
import type { PlanInput, Planning } from '../plan.js'

export function settingOperations({ changes, desired, observed, fresh }: Planning): readonly Operation[] {
  const operations: Operation[] = []
  const written = new Set<string>()
  for (const change of changes) {
    if (!('desired' in change) || change.desired.type !== 'sysctl') continue
    const setting = change.desired
    written.add(`${setting.node} ${setting.name}`)
    if (change.state === 'changed')
      operations.push({ verb: 'update', resource: setting, before: change.observed, changes: change.fields })
    else if (!holds(setting, { fresh, wanted: desired.get(setting.node)?.sysctl }))
      operations.push({ verb: 'create', resource: setting })
  }
  return [...operations, ...operations.flatMap(op => afterReset(op.resource as Sysctl))]

  /** In a node that stands already, what the write reset is written again. */
  function afterReset(setting: Sysctl): readonly Operation[] {
    if (!observed.has(setting.node)) return []
    return (resets[setting.name] ?? []).flatMap(name => {
      const again = desired.get(setting.node)?.sysctl.get(name)
      const because = `is reset by ${setting.name}`
      return again && !written.has(`${again.node} ${name}`)
        ? [{ verb: 'update', resource: again, because } as const]
        : []
    })
  }
}

/** Whether a new namespace has it by itself, or by another setting that is written before. */
function holds(
  { name, value }: Sysctl,
  { fresh, wanted }: { fresh: PlanInput['fresh']; wanted: NodeState['sysctl'] | undefined },
): boolean {
  if (interfaceOf(name) !== undefined) return false
  const writer = Object.keys(resets).find(other => {
    const setting = resets[other]!.includes(name) ? wanted?.get(other) : undefined
    return setting !== undefined && fresh.get(other) !== setting.value
  })
  return writer === undefined ? fresh.get(name) === value : resetValue(wanted!.get(writer)!.value) === value
}
