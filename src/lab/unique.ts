/** A word in; a name for a lab that says which process it is of, so that a later one can tell whether anybody needs it, out. */
import { isAlive, processStat } from '../kernel/host/living.js'
import type { Kernel } from '../kernel/kernel.js'
import { down } from '../pipeline.js'

/** As `router-t1ab-9x3f-k2m4q`: the process, when it was started, and what no other thread of it has. */
export function uniqueName(word: string): string {
  const start = processStat(process.pid)?.start ?? 0
  const random = Math.floor(Math.random() * 36 ** 5)
  const parts = [process.pid, start, random].map(number => number.toString(36))
  const begin = word
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+/, '')
    .slice(0, 32)
  return `${begin || 'lab'}-t${parts.join('-')}`
}

const form = /-t([0-9a-z]+)-([0-9a-z]+)-[0-9a-z]+$/

/** Whether the lab was made for a process that has ended, whoever has its number now. */
export function isOrphan(name: string): boolean {
  const [, pid, start] = form.exec(name) ?? []
  if (pid === undefined || start === undefined) return false
  return !isAlive({ pid: Number.parseInt(pid, 36), start: Number.parseInt(start, 36) })
}

/** Takes away the labs of processes that were killed before they could. Who else does so just now is not waited for. */
export async function removeOrphans(kernel: Kernel): Promise<void> {
  for (const name of kernel.labs().filter(isOrphan)) await down(name, kernel)
}
