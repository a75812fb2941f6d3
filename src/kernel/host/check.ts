/** Nothing in; a line of `doctor` on the kinds of namespaces that hosts are made of, each tried, out. */
import type { Check } from '../kernel.js'
import { SystemError } from '../kernel.js'
import { runSteps } from './launch.js'
import type { Kind, Step } from './steps.js'

/** How each is called, and what the kernel was built with where it has it (namespaces(7)). */
const kinds: readonly (readonly [Kind, string, string])[] = [
  ['mnt', 'mount', ''],
  ['uts', 'UTS', 'CONFIG_UTS_NS'],
  ['ipc', 'IPC', 'CONFIG_IPC_NS'],
  ['pid', 'PID', 'CONFIG_PID_NS'],
  ['user', 'user', 'CONFIG_USER_NS'],
  ['cgroup', 'cgroup', 'CONFIG_CGROUPS'],
  ['time', 'time', 'CONFIG_TIME_NS'],
]

export function checkHosts(): Check {
  const refused = kinds.flatMap(([kind, name, option]) => {
    const why = refusal(kind)
    return why ? [{ kind, name, option, why }] : []
  })
  const what = { name: 'hosts', core: false, ok: refused.length === 0 }
  const [first] = refused
  if (!first) return { ...what, finding: 'namespaces of all kinds can be made' }
  if (isNotStarted(first.why)) return { ...what, finding: first.why.message, fix: fixOf(first) }
  const finding = refused.map(({ name, why }) => `no ${name} namespaces: ${why.message}`).join('; ')
  return { ...what, finding, fix: fixOf(first) }
}

const isNotStarted = ({ operation }: SystemError) => operation.startsWith('run ')

function refusal(kind: Kind): SystemError | undefined {
  const range = [{ inside: 0, outside: 0, count: 1 }]
  const step: Step = kind === 'user' ? { do: 'users', uids: range, gids: range } : { do: 'unshare', kinds: [kind] }
  try {
    runSteps([step])
    return undefined
  } catch (thrown) {
    if (thrown instanceof SystemError) return thrown
    throw thrown
  }
}

function fixOf({ kind, option, why }: { kind: Kind; option: string; why: SystemError }): string {
  if (why.errno === 'ENOSPC') return `sysctl -w user.max_${kind}_namespaces=100000`
  if (why.errno === 'EINVAL') return `boot a kernel that is built with ${option}`
  return isNotStarted(why)
    ? 'cc -O2 -static -o dist/init native/init/*.c'
    : 'in a container, start it with --privileged'
}
