/** Where Node may keep our compiled code: a folder that only this user can write, or none. */
import { join } from 'node:path'

/**
 * Not Node's own choice below /tmp: whoever made that folder first would have root run what he put there. Root has a
 * folder of its own even where HOME is still that of the user who called sudo.
 */
export function compileCache(): string | undefined {
  if (process.getuid?.() === 0) return '/var/cache/nstopo'
  const { XDG_CACHE_HOME, HOME } = process.env
  if (XDG_CACHE_HOME?.startsWith('/')) return join(XDG_CACHE_HOME, 'nstopo')
  return HOME?.startsWith('/') ? join(HOME, '.cache', 'nstopo') : undefined
}
