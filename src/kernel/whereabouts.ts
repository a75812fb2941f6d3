/** Where a lab is kept in; a word whenever something happens there that no message of the kernel tells out (inotify(7)). */
import { type FSWatcher, watch } from 'node:fs'
import { basename } from 'node:path'
import { attempt, unless } from './errors.js'
import { netnsFolder } from './home.js'

export interface Whereabouts {
  /** The state folder. */
  readonly home: string
  readonly lab: string
  /** The lab's tmpfs. */
  readonly folder: string
}

/**
 * Another record, the lab's lock, its folder, and the names that `ip netns del` takes away. A folder that is watched can be
 * unmounted and removed all the same; that is told, too.
 */
export function watchPlaces({ home, lab, folder }: Whereabouts, happened: () => void): { close(): void } {
  const opened: FSWatcher[] = []
  const close = () => opened.forEach(each => void each.close())
  const open = (path: string, isOurs: (name: string) => boolean) => {
    const watcher = attempt(`watch ${path}`, () =>
      watch(path, (_, name) => void ((name === null || isOurs(name)) && happened())),
    )
    opened.push(watcher.on('error', happened))
  }
  try {
    open(folder, name => name === 'lab.json' || name === basename(folder))
    open(home, name => name === lab || name === `${lab}.lock`)
    unless(['ENOENT'], () => open(netnsFolder, name => name.startsWith(`${lab}.`)))
  } catch (error) {
    close()
    throw error
  }
  return { close }
}
