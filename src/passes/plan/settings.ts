/** Differences → sysctls that are written, also because writing another one reset them. */
import type { Operation } from '../../model/plan.js'
import type { Sysctl } from '../../model/state.js'
import { interfaceOf, resets } from '../../resources/index.js'
import type { Planning } from '../plan.js'

export function settingOperations({ changes, desired, observed, fresh }: Planning): readonly Operation[] {
  const operations: Operation[] = []
  const written = new Set<string>()
  for (const change of changes) {
    if (!('desired' in change) || change.desired.type !== 'sysctl') continue
    const setting = change.desired
    written.add(`${setting.node} ${setting.name}`)
    if (change.state === 'changed')
      operations.push({ verb: 'update', resource: setting, before: change.observed, changes: change.fields })
    else if (!isFresh(setting, fresh)) operations.push({ verb: 'create', resource: setting })
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

/** What a new namespace, or a new interface, has by itself need not be written; what another setting resets must. */
function isFresh(setting: Sysctl, fresh: ReadonlyMap<string, string>): boolean {
  const isReset = Object.values(resets).some(names => names.includes(setting.name))
  return !isReset && interfaceOf(setting.name) === undefined && fresh.get(setting.name) === setting.value
}
