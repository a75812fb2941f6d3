/** Differences → sysctls that are written, also because writing another one reset them. */
import type { Operation } from '../../model/plan.js'
import type { Sysctl } from '../../model/state.js'
import { interfaceOf, resets, resetterOf, resetValue } from '../../resources/index.js'
import type { Planning } from '../plan.js'

export function settingOperations(planning: Planning): readonly Operation[] {
  const operations: Operation[] = []
  for (const change of planning.changes) {
    if (change.state === 'missing' && change.desired.type === 'sysctl') {
      if (!holds(change.desired, planning)) operations.push({ verb: 'create', resource: change.desired })
    } else if (change.state === 'changed' && change.desired.type === 'sysctl') {
      operations.push({ verb: 'update', resource: change.desired, before: change.observed, changes: change.fields })
    }
  }
  return [...operations, ...afterResets(operations, planning)]
}

/** In a node that stands already, what a write resets is written again. */
function afterResets(operations: readonly Operation[], { desired, observed }: Planning): readonly Operation[] {
  const standing = operations.map(op => op.resource as Sysctl).filter(setting => observed.has(setting.node))
  const written = new Set(standing.map(setting => `${setting.node} ${setting.name}`))
  return standing.flatMap(setting =>
    (resets[setting.name] ?? []).flatMap(name => {
      const again = desired.get(setting.node)?.sysctl.get(name)
      const because = `is reset by ${setting.name}`
      return again && !written.has(`${again.node} ${name}`)
        ? [{ verb: 'update', resource: again, because } as const]
        : []
    }),
  )
}

/** Whether a new namespace has it by itself, or by another setting that is written before. */
function holds({ node, name, value }: Sysctl, { desired, fresh }: Planning): boolean {
  const writer = resetterOf.get(name)
  const written = writer === undefined ? undefined : desired.get(node)?.sysctl.get(writer)
  if (written && fresh.get(written.name) !== written.value) return resetValue(written.value) === value
  return fresh.get(name) === value && interfaceOf(name) === undefined
}
