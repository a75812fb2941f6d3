/** What every run finds alike: names on a tmpfs, and a kernel that has freed what the run before had. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { netnsFolder } from '../src/kernel/home.js'
import { isMounted, mountFilled } from '../src/kernel/mounts.js'

/** What was made: nothing, a mount on a folder that was there, or the folder too. */
let made: 'nothing' | 'mount' | 'folder' = 'nothing'

/** Names in /run/netns take a millisecond each where /run is on a disk: a tmpfs, for nstopo and for all others. */
export function ensureNetns(): void {
  if (statSync(netnsFolder, { throwIfNoEntry: false }) && isMounted(netnsFolder)) return
  const there = statSync(netnsFolder, { throwIfNoEntry: false })
  if (there && readdirSync(netnsFolder).length > 0) return
  if (!there) mkdirSync(netnsFolder)
  mountFilled(netnsFolder)
  made = there ? 'mount' : 'folder'
}

/** Takes away what `ensureNetns` made, unless others have put names there. */
export function tidyNetns(): void {
  if (made === 'nothing' || !isMounted(netnsFolder) || readdirSync(netnsFolder).length > 0) return
  execFileSync('umount', ['--lazy', netnsFolder])
  if (made === 'folder') rmdirSync(netnsFolder)
}

let stopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)

function stop(): void {
  stopped = true
}

/** Whether somebody wants the run to end; labs are taken down first. Known after something was waited for. */
export const interrupted = (): boolean => stopped

const calmAtLast = 3
const most = 120_000

/** Namespaces of the run before are freed by kernel workers, which hold locks that the next one needs. */
export async function quiet(): Promise<void> {
  const until = performance.now() + most
  for (let calm = 0; calm < calmAtLast && performance.now() < until; calm++) {
    await new Promise(resolve => setTimeout(resolve, 50))
    if (readdirSync('/proc').some(busy)) calm = -1
  }
}

/** A worker's name has a plus where it is at that work. */
function busy(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return false
  try {
    return /\+(netns|ipv6_addrconf)/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'))
  } catch {
    return false
  }
}

/** The machine's kind, for the page. */
export function machineWords(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`
}

/** The first line that a program says of itself; undefined where there is none. */
export function versionOf(command: string, ...words: string[]): string | undefined {
  try {
    const said = execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return said.trim().split('\n')[0]
  } catch {
    return undefined
  }
}
