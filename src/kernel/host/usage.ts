/** Folders of a host's control groups in; what it uses of what is limited out (cgroups(7), both versions). */

import type { Usage } from '../kernel.js'
import { readText } from '../limits/figures.js'

const files = {
  memory: ['memory.current', 'memory.usage_in_bytes'],
  pids: ['pids.current'],
} as const

/** Without groups nobody counts. */
export function usageIn(folders: readonly string[]): Usage | undefined {
  const [memory, pids] = [figure(folders, files.memory), figure(folders, files.pids)]
  if (memory === undefined && pids === undefined) return undefined
  return { ...(memory === undefined ? {} : { memory }), ...(pids === undefined ? {} : { pids }) }
}

function figure(folders: readonly string[], names: readonly string[]): number | undefined {
  const texts = folders.flatMap(folder => names.map(name => readText(`${folder}/${name}`)))
  const text = texts.find(text => text !== undefined)
  return text === undefined ? undefined : Number(text)
}
