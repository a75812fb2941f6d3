/** This process and the kernel, when both are quiet → how much they hold. */
import { existsSync, readdirSync, readFileSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { run } from '../../support/machine.js'

/** Numbers by name. */
export type Measured = Readonly<Record<string, number>>

/**
 * What the kernel keeps for namespaces, mounts, files on tmpfs, sockets, routes and addresses; and all that has no cache of
 * its own, in bytes. The other caches are filled by any program that runs.
 */
const caches =
  /^(net_namespace|mnt_cache|shmem_inode_cache|sock_inode_cache|ip6_dst_cache|fib6_node|ip_fib_alias|ip_fib_trie)$/

const general = /^kmalloc-(cg-)?\d/

export async function measure(): Promise<Measured> {
  collectGarbage()
  await quiet()
  shrink()
  // The longer it took to be quiet, the more was read to see it.
  collectGarbage()
  return { ...ofMachine(), ...ofProcess(), ...slabs() }
}

function ofMachine(): Measured {
  const { files, ffree } = statfsSync('/run')
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').length,
    'inodes of /run': files - ffree,
    'names in /run': readdirSync('/run', { recursive: true }).length,
  }
}

function ofProcess(): Measured {
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    'waited for': process.getActiveResourcesInfo().length,
    'heap, bytes': process.memoryUsage().heapUsed,
  }
}

function slabs(): Measured {
  const lines = readFileSync('/proc/slabinfo', 'utf8').trim().split('\n').slice(2)
  const found = lines.map(line => line.split(/\s+/) as [string, string, string, string])
  const own = found.filter(([name]) => caches.test(name)).map(([name, active]) => [`slab ${name}`, Number(active)])
  const others = found.filter(([name]) => general.test(name))
  const bytes = others.reduce((sum, [, active, , size]) => sum + Number(active) * Number(size), 0)
  return { ...Object.fromEntries(own), 'slab kmalloc, bytes': bytes }
}

/** What each processor keeps at hand counts as held: given back, the numbers are exact, where the kernel can be told so. */
function shrink(): void {
  const folder = '/sys/kernel/slab'
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (caches.test(name) || general.test(name)) writeFileSync(`${folder}/${name}/shrink`, '1')
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round++) collect()
}

/**
 * Namespaces are freed by a kernel worker, batch after batch in the order of their ends. One that ends now takes its cable
 * along, whose other end is here, when its batch is at work; when that of a second one goes, the first batch is done.
 */
async function quiet(): Promise<void> {
  for (const probe of ['probe1', 'probe2']) {
    run('ip', 'netns', 'add', probe)
    run('ip', 'link', 'add', 'name', probe, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', probe)
    run('ip', 'netns', 'del', probe)
    while (existsSync(`/proc/sys/net/ipv4/conf/${probe}`)) await pause()
  }
  run('umount', '/run/netns')
  rmdirSync('/run/netns')
  // What they were made of is given back after a grace period.
  for (let calm = 0, last = Number.NaN; calm < 5; calm++) {
    await pause()
    const now = slabs()['slab net_namespace']!
    if (now !== last) calm = 0
    last = now
  }
}

const pause = () => new Promise(resolve => setTimeout(resolve, 100))
