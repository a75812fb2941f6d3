/** A script's file in; what it exports out, its compiled code kept for the next start. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire, wrap } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { isTrusted, readOwnBytes, removeIfThere, replaceFile } from '../../src/kernel/safe.js'

export interface Loaded<T> {
  readonly exports: T
  /** Keeps what was compiled until now, unless it came from the cache. Does nothing where nothing can be kept. */
  keep(): void
}

/**
 * Runs a CommonJS script as `require` would. V8 compiles functions when they are first called; what one command needs of
 * a large script is some 20 ms of work, which is the same at every start (v8.dev/blog/code-caching). So each command,
 * called `part`, has a cache of its own.
 */
export function loadCached<T>(path: string, part: string, version: string): Loaded<T> {
  const file = cacheFile(path, part, version)
  const cachedData = file && readCache(file)
  // The bundle is ASCII, so one byte a character.
  const text = readFileSync(path, 'latin1')
  const script = new Script(wrap(text), { filename: path, ...(cachedData ? { cachedData } : {}) })
  const module = { exports: {} as T }
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path))
  const fresh = cachedData === undefined || script.cachedDataRejected === true
  return { exports: module.exports, keep: () => fresh && file && writeCache(file, script.createCachedData()) }
}

interface CacheFile {
  readonly folder: string
  readonly part: string
  readonly name: string
}

/** V8 looks at the length of a script alone, and at its own version: what else tells one script from another is in the name. */
function cacheFile(path: string, part: string, version: string): CacheFile | undefined {
  const folder = cacheFolder()
  const { size, mtimeMs } = statSync(path)
  const name = [part, version, process.version, process.arch, size, Math.round(mtimeMs)].join('-')
  return folder === undefined ? undefined : { folder, part, name: `${name}.code` }
}

/**
 * A folder that only this user can write, or none: who else could would have us run what he puts there. Root has one of
 * its own even where HOME is still that of the user who called sudo; the root of a user namespace, to whom the machine's
 * folders are somebody else's, is that user.
 */
export function cacheFolder(): string | undefined {
  if (process.getuid?.() === 0 && statSync('/').uid === 0) return '/var/cache/nstopo'
  const { XDG_CACHE_HOME, HOME } = process.env
  if (XDG_CACHE_HOME?.startsWith('/')) return join(XDG_CACHE_HOME, 'nstopo')
  return HOME?.startsWith('/') ? join(HOME, '.cache', 'nstopo') : undefined
}

function readCache({ folder, name }: CacheFile): Buffer | undefined {
  try {
    return isOwn(folder) ? readOwnBytes(join(folder, name)) : undefined
  } catch {
    return undefined
  }
}

/** Starting without a cache works as well: that it can't be written is no failure. */
function writeCache({ folder, part, name }: CacheFile, code: Buffer): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isOwn(folder)) return
    for (const other of readdirSync(folder)) if (other.startsWith(`${part}-`)) removeIfThere(join(folder, other))
    replaceFile(join(folder, name), code)
  } catch {}
}

function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && isTrusted(found.uid) && (found.mode & 0o022) === 0
}
