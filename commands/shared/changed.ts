/** A file's path in; done when the file has changed, or the signal came. */
import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Milliseconds after which it is quiet again: editors write in several steps. */
const quiet = 100

/** Its folder is watched: many editors put a new file in the place of the old one. */
export function changed(path: string, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      watcher.close()
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const watcher = watch(dirname(path), (_, name) => {
      if (name !== basename(path)) return
      clearTimeout(timer)
      timer = setTimeout(end, quiet)
    })
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
