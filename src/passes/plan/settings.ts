/** Differences → sysctls that are written, also because writing another one reset them. */
import type { Operation } from '../../model/plan.js'
import type { Sysctl } from '../../model/state.js'
import { interfaceOf, isDefault, resets, resetterOf, resetValue } from '../../resources/index.js'
import type { Planning } from '../plan.js'
import { linkId } from './replace.js'

/** @param restored those that are no longer said, among what is taken away */
export function settingOperations(planning: Planning, restored: readonly Operation[]): readonly Operation[] {
  const operations: Operation[] = []
  for (const setting of planning.missingSettings) {
    if (!holds(setting, planning)) operations.push({ verb: 'create', resource: setting })
  }
  for (const change of planning.changes) {
    if (change.state !== 'changed' || change.desired.type !== 'sysctl') continue
    operations.push({ verb: 'update', resource: change.desired, before: change.observed, changes: change.fields })
  }
  const written = [...operations, ...restored.filter(({ resource }) => resource.type === 'sysctl')]
  return [...operations, ...afterResets(operations, planning), ...inherited(written, planning)]
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

/** Interfaces that stand already follow what interfaces to come start with, as they would have afresh. */
function inherited(operations: readonly Operation[], { desired, observed, replaced }: Planning): readonly Operation[] {
  return operations.flatMap(({ resource }) => {
    const { node, name, value } = resource as Sysctl
    if (!isDefault(name)) return []
    const standing = [...(observed.get(node)?.link.values() ?? [])].filter(l => {
      const follows = l.kind !== 'loopback' || isTakenByLoopback(name)
      return follows && !replaced.has(linkId(l)) && desired.get(node)?.link.has(l.name)
    })
    const settings = standing.map(l => ({
      name: name.replace('.default.', `.${l.name.replaceAll('.', '/')}.`),
      because: `follows ${name}`,
    }))
    const unsaid = settings.filter(setting => !desired.get(node)!.sysctl.has(setting.name))
    return unsaid.map(
      setting =>
        ({
          verb: 'update',
          resource: { type: 'sysctl', node, name: setting.name, value },
          because: setting.because,
        }) as const,
    )
  })
}

/** Afresh, lo is there before the setting is written and has no address yet: then IPv4's are copied to it (devinet_copy_dflt_conf). */
function isTakenByLoopback(name: string): boolean {
  return name.startsWith('net.ipv4.conf.') && !name.endsWith('.forwarding')
}

/** Whether a new namespace has it by itself, or by another setting that is written before. */
function holds({ node, name, value }: Sysctl, { desired, fresh }: Planning): boolean {
  const writer = resetterOf.get(name)
  const written = writer === undefined ? undefined : desired.get(node)?.sysctl.get(writer)
  if (written && fresh.get(written.name) !== written.value) return resetValue(written.value) === value
  return fresh.get(name) === value && interfaceOf(name) === undefined
}
