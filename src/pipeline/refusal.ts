/** An operation that the kernel refused → the diagnostic of it. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { RefusedOperation } from '../model/plan.js'
import { kindOf } from '../resources/index.js'
import { hints } from './failures.js'

/** A refusal names the operation, the node, the errno and its text, the kernel's own words, and the line. */
export function refusal({ operation, errno, text, message, attribute }: RefusedOperation): Diagnostic {
  const { verb, resource } = operation
  const what = `${resource.type === 'sysctl' ? 'set' : verb} the ${kindOf(resource.type).name(resource)}`
  const words = [message && `“${message}”`, attribute && `at ${attribute}`].filter(Boolean).join(' ')
  const hint = hintOf(errno)
  return error(
    'kernel-refused',
    `${resource.node}: the kernel refused to ${what}: ${errno} (${text})${words && `, ${words}`}`,
    resource.at,
    hint ? { hint } : {},
  )
}

/** Root is told nothing about becoming root. */
function hintOf(errno: string): string | undefined {
  return process.getuid?.() === 0 && hints[errno] === hints.EPERM ? undefined : hints[errno]
}
