/** A node as the file says it in; what makes it a whole host out, or undefined for one that is a network alone. */
import { keysOf } from '../../model/document.js'
import type { HostEntry } from '../../model/network.js'
import type { DraftNode, Report } from './draft.js'
import { readEnvironment } from './host/environment.js'
import { type Files, readFiles } from './host/files.js'
import { type NamesOfAll, readHostname } from './host/hostname.js'
import { readLimits } from './host/limits.js'
import { isolated, readTime } from './host/namespaces.js'
import { readProcesses } from './host/processes.js'
import { readUsers } from './host/users.js'

export interface HostContext {
  readonly names: NamesOfAll
  /** How to learn of a file that the topology names. */
  readonly files: Files
  readonly report: Report
}

const keys = [
  ...(['hostname', 'isolate', 'time', 'limits', 'users', 'files', 'hosts', 'dns'] as const),
  ...(['environment', 'processes'] as const),
] as const

export function readHost(node: DraftNode, context: HostContext): HostEntry | undefined {
  const { value } = node.spec
  if (!keys.some(key => says(value[key]))) return undefined
  const { report } = context
  const time = readTime(node, report)
  const limits = readLimits(node, report)
  const users = readUsers(node, report)
  const environment = readEnvironment(node.spec, report)
  const files = readFiles(node, context)
  return {
    hostname: readHostname(node, context),
    isolate: isolated(node, { time, limits, users, files }, report),
    ...(time ? { time } : {}),
    ...(limits ? { limits } : {}),
    ...(users ? { users } : {}),
    environment,
    files,
    processes: readProcesses(node, { environment, report }),
    at: node.at,
  }
}

/** What is empty says no more than what is not there. */
function says(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return typeof value !== 'object' || (Array.isArray(value) ? value.length > 0 : keysOf(value).length > 0)
}
