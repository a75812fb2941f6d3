/** What the kernel refused → what is told of it. */
import type { Refusal } from '../../kernel/kernel.js'
import type { Operation, RefusedOperation } from '../../model/plan.js'
import type { Resource } from '../../model/state.js'
import { id, kindOf } from '../../resources/index.js'

/** The kernel takes things along: what was to go and has gone already is no refusal. */
export function isGone({ verb }: Operation, { errno }: Refusal): boolean {
  return verb === 'remove' && ['ESRCH', 'ENOENT', 'ENODEV', 'EADDRNOTAVAIL'].includes(errno)
}

export function refusedOperation(operation: Operation, { errno, text, message, attribute }: Refusal): RefusedOperation {
  return {
    operation,
    errno,
    text,
    ...(message === undefined ? {} : { message }),
    ...(attribute === undefined ? {} : { attribute }),
  }
}

/** What failed only because something that it needs was refused says nothing. */
export function rootCauses(refused: readonly RefusedOperation[]): readonly RefusedOperation[] {
  const failed = new Set<string>()
  return refused.filter(({ operation: { resource, partner, verb } }) => {
    const own = (partner ? [resource, partner] : [resource]).map(r => [r, kindOf(r.type)] as const)
    const follows = own.some(([r]) => needs(r, verb).some(name => failed.has(name)))
    for (const [r, kind] of own) for (const name of kind.provides(r, verb)) failed.add(name)
    return !follows
  })
}

function needs(resource: Resource, verb: Operation['verb']): readonly string[] {
  const own = kindOf(resource.type).needs(resource)
  return resource.type === 'link' && verb === 'update' ? [...own, id.link(resource.node, resource.name)] : own
}
