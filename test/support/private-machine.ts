/** A program that wants a machine to itself in; the same program there, with mounts, processes and a network of its own. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What /run is mounted from there, which says that we have arrived. */
const mark = 'private-machine'

/** The shell stays as the first process: it is the one that buries whose parents have died. */
const setUp = `umask 022; mount -t tmpfs -o mode=755 ${mark} /run && mkdir -p /run/lock /run/user && mount -t tmpfs -o mode=755 tmpfs /var/cache &&
mount --make-rshared / && ip link set lo up || exit 1
"$@"
exit $?`

const flags = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--mount-proc', '--kill-child']

/** Whether this process is in such a machine: only there may one put strange things, and count everything. */
export function isPrivate(): boolean {
  return new RegExp(`^\\S+ \\S+ \\S+ / /run .* - tmpfs ${mark} `, 'm').test(
    readFileSync('/proc/self/mountinfo', 'utf8'),
  )
}

/** The command that runs another one in a machine of its own, with an empty /run. */
export function inPrivateMachine(...command: readonly string[]): readonly string[] {
  return ['unshare', ...flags, '--propagation', 'private', 'sh', '-c', setUp, 'sh', ...command]
}

/** Starts this program again in a machine of its own, and ends as it does; there, it returns. */
export function enterPrivateMachine(): void {
  if (isPrivate()) return
  const [command = '', ...words] = inPrivateMachine(process.execPath, ...process.execArgv, ...process.argv.slice(1))
  const { status } = spawnSync(command, words, { stdio: 'inherit' })
  process.exit(status ?? 1)
}
