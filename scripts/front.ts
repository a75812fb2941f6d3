/** The built front door in; the same with a few lines of sh before it out, which are a comment to Node: the shortest way into `run` and `exec`. */
import { words } from '../src/kernel/host/steps.js'
import { treeOf, treeOfRoot } from '../src/kernel/rootless/steps.js'

const hashbang = '#!/usr/bin/env node\n'

/**
 * Executed, and not given to Node, it is sh that reads it. A plain `exec` needs no Node at all: native/init/door.c looks whether
 * it is one. A run that is to be held by its own processes starts Node within
 * them at once, instead of starting it twice: as commands/shared/own.ts would, with the ids of kernel/rootless/ids.ts. CapEff: CAP_SYS_ADMIN is bit 21, CAP_NET_ADMIN bit 12 (capabilities(7)).
 */
const sh = `#!/bin/sh
":" /*
held() {
  for word; do
    case $word in --) return 0 ;; --keep-on-failure | --help | -h) return 1 ;; esac
  done
  return 1
}
ids() {
  while IFS=: read -r name first count; do
    case $name in "$user" | "$uid") echo "0 $2 1,1 $first $count" && return ;; esac
  done < "$1"
  echo -
}
beside() {
  init=$0
  [ -L "$0" ] && init=$(readlink -f "$0")
  init=\${init%/*}/init
}
if [ "$1" = exec ]; then
  beside
  [ -x "$init" ] && exec "$init" door -- node "$0" "$@"
fi
if [ "$1" = run ] && [ -z "$NSTOPO_RUN_HELD$NSTOPO_RUN_KEEP_ON_FAILURE" ] && held "$@"; then
  beside
  while read -r key value; do [ "$key" = CapEff: ] && break; done < /proc/self/status
  if [ -x "$init" ]; then
    case $value in
      *[2367abef]?[13579bdf]???) set -- ${words(treeOfRoot).join(' ')} -- node "$0" "$@" ;;
      *)
        uids=- gids=-
        if [ -e /usr/bin/newuidmap ] && [ -r /etc/subuid ] && [ -r /etc/subgid ]; then
          uid=$(id -u) user=$(id -un 2> /dev/null)
          uids=$(ids /etc/subuid "$uid") gids=$(ids /etc/subgid "$(id -g)")
          [ "$uids" = - ] || [ "$gids" = - ] && uids=- gids=-
        fi
        set -- tell mine "$uids" "$gids" ${words(treeOf(undefined)).slice(4).join(' ')} -- node "$0" "$@"
        ;;
    esac
    exec "$init" "$@"
  fi
fi
exec node "$0" "$@"
*/
`

export function withShell(program: string): string {
  if (!program.startsWith(hashbang)) throw new Error('the front door does not begin as it did')
  return sh + program.slice(hashbang.length)
}
