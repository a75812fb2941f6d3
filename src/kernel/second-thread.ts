/** A script of the built program in; that script, running in a thread of its own, out. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Starting a thread takes 20 ms, as long as doing the kernel's work for some 50 nodes. */
const fewest = 100

/** Where a thread's script is: beside the program. In a checkout that runs from its sources there is none. */
export function scriptOf(name: 'namespaces' | 'settings'): string {
  return fileURLToPath(new URL(`${name}-thread.cjs`, import.meta.url))
}

/**
 * Whatever becomes of the thread, the first goes on without it; false where it would not help: for few nodes, on one
 * processor, and without a script. It starts in the namespace that the calling thread is in.
 */
export function startThread(script: string, workerData: object, nodes: number): boolean {
  if (nodes < fewest || availableParallelism() < 2 || !existsSync(script)) return false
  const { Worker } = createRequire(import.meta.url)('node:worker_threads') as typeof import('node:worker_threads')
  const worker = new Worker(script, { workerData })
  worker.on('error', () => {})
  worker.unref()
  return true
}
