/** A script of an ordinary user in; what came of it in a machine of its own out. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '../commands/program.js'
import { inPrivateMachine } from '../support/private-machine.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Neither the checkout nor Node may be where others are let in. `$1` is the checkout, `$2` is Node. */
const setUp = `set -e
mkdir -p /run/checkout /run/bin /run/user/$uid
mount --bind "$1" /run/checkout
touch /run/bin/node && mount --bind "$2" /run/bin/node
printf '#!/bin/sh\\nexec /run/checkout/dist/nstopo.cjs "$@"\\n' > /run/bin/nstopo && chmod 755 /run/bin/nstopo
mkdir -p /run/user/$uid/home && chown -R $uid:$uid /run/user/$uid && chmod 700 /run/user/$uid
cd /run/user/$uid/home
eval "$prepare"
printf '%s' "$script" > /run/bin/script
$become env -i PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=$PWD TMPDIR=$PWD XDG_RUNTIME_DIR=/run/user/$uid sh /run/bin/script
`

export interface Surroundings {
  /** Run by root, in the folder that is the user's home. */
  readonly prepare?: string
  /** Who runs the script, 4711 unless said otherwise. */
  readonly root?: true
}

/** Who is nobody in particular on any machine. */
export const user = 4711

/** Runs a script as a user who is nobody in particular, with \`nstopo\` and \`node\` at hand, in an empty folder of his. */
export function asUser(script: string, { prepare = '', root: isRoot }: Surroundings = {}): Outcome {
  const become = isRoot ? '' : `setpriv --reuid ${user} --regid ${user} --clear-groups`
  const [command = '', ...words] = inPrivateMachine('sh', '-c', setUp, 'sh', root, process.execPath)
  const env = { PATH: process.env.PATH ?? '', uid: `${user}`, become, prepare, script }
  const { status, stdout, stderr } = spawnSync(command, words, {
    ...{ encoding: 'utf8', env, timeout: 600_000 },
    // unshare(1) waits for what it started, whatever else it is told.
    killSignal: 'SIGKILL',
  })
  return { status, stdout, stderr }
}

export const threeNodes = `cat > lab.yaml <<'END'
name: three
nodes: { a: {}, b: {}, c: {} }
links: [[a:eth0 10.0.0.1/24, b:eth0 10.0.0.2/24], [b:eth1 10.0.1.1/24, c:eth0 10.0.1.2/24]]
END
`

/** Waits until nothing of any run is left that can be seen; says what is. */
export const nothingLeft = `mounts() { echo mounts; cut -d' ' -f4-5 /proc/self/mountinfo | grep -E 'nstopo|netns|net:'; }
mounts_before=$(mounts)
left() {
  ps -eo pid=,args= | grep -E 'lab[.]yaml|nstopo-(run|holder)|sleep [67]' | grep -v grep
  mounts | grep -vxF "$mounts_before"
  for space in /proc/[0-9]*/ns/net; do readlink $space; done 2>/dev/null | sort -u | tail -n +2
  ls -A $XDG_RUNTIME_DIR /run | grep nstopo
}
nothing_left() { for i in $(seq 1000); do test -z "$(left)" && return 0; sleep 0.1; done; left; return 1; }
`
