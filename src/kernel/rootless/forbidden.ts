/** Why an ordinary user can't have a user namespace here, and the command that opens the way, out (user_namespaces(7)). */
import { readFileSync, rmdirSync } from 'node:fs'
import { unless } from '../errors.js'
import { refusalIn, runSteps } from '../host/launch.js'
import { SystemError } from '../kernel.js'
import { ownFolder } from './folder.js'
import { ownNamespaces } from './steps.js'

export interface Forbidden {
  readonly message: string
  readonly fix: string
}

/** Tries it: undefined where nothing forbids it. */
export function whyForbidden(): Forbidden | undefined {
  try {
    // Left as it was: rmdir(2) takes only what is empty.
    unless(['ENOTEMPTY', 'ENOENT', 'EBUSY'], () => rmdirSync(ownFolder()))
    runSteps(ownNamespaces(undefined, 'wait'))
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
    return explain(thrown, readMachine)
  }
}

/** What dist/init has said of a step that was refused (native/init/init.c, `tell`), put into words. */
export function whyRefused(said: string): Forbidden {
  const refusal = refusalIn(said) ?? new SystemError('make the run’s own processes', '', said)
  if (process.geteuid?.() !== 0 || !/^ *0 +0 +4294967295$/.test(readMachine('/proc/self/uid_map') ?? ''))
    return explain(refusal, readMachine)
  return {
    message: `a run has mounts and processes of its own, and that is refused: ${refusal.message}`,
    fix: container,
  }
}

/** What is looked at: a file's text, without the newline at its end; undefined where there is none. */
export type Look = (path: string) => string | undefined

const readMachine: Look = path => unless(['ENOENT', 'EACCES'], () => readFileSync(path, 'utf8'))?.trim()

interface Switch {
  readonly path: string
  readonly shut: string
  readonly open: string
  readonly who: string
}

/** Debian's of old, Ubuntu's since 24.04, and the kernel's own. */
const switches: readonly Switch[] = [
  {
    path: 'kernel/unprivileged_userns_clone',
    shut: '0',
    open: '1',
    who: 'this kernel lets only root make user namespaces',
  },
  {
    path: 'kernel/apparmor_restrict_unprivileged_userns',
    shut: '1',
    open: '0',
    who: 'AppArmor keeps rights from user namespaces (Ubuntu 24.04 and newer)',
  },
  { path: 'user/max_user_namespaces', shut: '0', open: '15000', who: 'no user namespace may be made' },
]

/** A step that was refused, and what the machine says of itself, put into words. */
export function explain({ operation, errno, message }: SystemError, look: Look): Forbidden {
  const without = 'without root, a lab takes a user namespace'
  if (operation.startsWith('use '))
    return { message, fix: 'set XDG_RUNTIME_DIR to a folder of your own that is closed to others (chmod 700)' }
  const shut = switches.find(({ path, shut }) => look(`/proc/sys/${path}`) === shut)
  if (shut) {
    const name = shut.path.replace('/', '.')
    return {
      message: `${without}, and ${shut.who}: ${name} is ${shut.shut}`,
      fix: `sudo sysctl -w ${name}=${shut.open}`,
    }
  }
  if (errno === 'ENOSPC')
    return {
      message: `${without}, and there are as many as may be`,
      fix: 'sudo sysctl -w user.max_user_namespaces=15000',
    }
  if (operation === 'mount /proc')
    return {
      message: `${without} that shows its own processes, and this container hides parts of /proc`,
      fix: container,
    }
  if (/^Seccomp:\s*2/m.test(look('/proc/self/status') ?? ''))
    return {
      message: `${without}, and this container’s seccomp profile forbids it (${operation}: ${errno})`,
      fix: container,
    }
  return { message: `${without}, which is refused: ${message}`, fix: 'run it with sudo: sudo nstopo …' }
}

/** As Docker and Podman name them. */
const container =
  'start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined'
