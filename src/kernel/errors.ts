/** Turns a negative errno into a SystemError; what went well passes through. */
import { errnoName } from '../../native/errno.js'
import { strerror } from '../../native/libc.js'
import { SystemError } from './kernel.js'

/** The result of a call of `native/`, unless it is a negative errno: that is thrown with the operation in plain words. */
export function checked(result: number, operation: string | (() => string)): number {
  if (result < 0) throw refused(-result, operation)
  return result
}

/** A SystemError for an errno as a positive number. */
export function refused(errno: number, operation: string | (() => string)): SystemError {
  return new SystemError(typeof operation === 'string' ? operation : operation(), errnoName(errno), strerror(errno))
}

/** Runs a call of node:fs; what it throws becomes a SystemError. */
export function attempt<T>(operation: string | (() => string), run: () => T): T {
  try {
    return run()
  } catch (error) {
    const errno = errnoOf(error)
    throw errno === undefined ? error : refused(errno, operation)
  }
}

/** The errno's name of what node:fs or `checked` threw. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof SystemError) return error.errno
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The result of `run`, or undefined where it fails with one of these names. */
export function unless<T>(codes: readonly string[], run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return undefined
    throw error
  }
}

function errnoOf(error: unknown): number | undefined {
  return isObject(error) && 'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : undefined
}

/** Not `instanceof Error`: a test runner that gives tests globals of their own has other errors than node:fs. */
function isObject(error: unknown): error is object {
  return typeof error === 'object' && error !== null
}
