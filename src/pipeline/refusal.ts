/** An operation that the kernel refused → the diagnostic of it. */
import { type Diagnostic, error, type Spot } from '../diagnostic.js'
import type { RefusedOperation } from '../model/plan.js'
import type { Resource } from '../model/state.js'
import { kindOf } from '../resources/index.js'
import { hints } from './failures.js'

/** A refusal names the operation, the node, the errno and its text, the kernel's own words, and the line. */
export function refusal(refused: RefusedOperation): Diagnostic {
  const { operation, errno, text, message, attribute, step } = refused
  const { verb, resource } = operation
  if (resource.type === 'process' && errno === '') return notReady(refused, `${resource.node}:${resource.name}`)
  const what = `${resource.type === 'sysctl' ? 'set' : verb} the ${kindOf(resource.type).name(resource)}`
  const words = [message && `“${message}”`, attribute && `at ${attribute}`, step && `when it was to ${step}`]
    .filter(Boolean)
    .join(' ')
  const hint = hintOf(errno)
  return error(
    'kernel-refused',
    `${resource.node}: the kernel refused to ${what}: ${errno} (${text})${words && `, ${words}`}`,
    placeOf(resource),
    hint ? { hint } : {},
  )
}

/** No system call stands behind it: a program was not what it should be. */
function notReady({ operation: { verb, resource }, text, output = [] }: RefusedOperation, name: string): Diagnostic {
  const what = verb === 'remove' ? 'could not be ended' : 'did not become ready'
  return error('not-ready', `${name} ${what}: ${text}`, placeOf(resource), output.length > 0 ? { output } : {})
}

/** What is written over several lines is told by its name. */
function placeOf({ type, at }: Resource): Spot | undefined {
  return at && { path: at, key: type === 'host' || type === 'file' || type === 'process' }
}

/** Root is told nothing about becoming root. */
function hintOf(errno: string): string | undefined {
  return process.getuid?.() === 0 && hints[errno] === hints.EPERM ? undefined : hints[errno]
}
