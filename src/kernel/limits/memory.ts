/** What is made → how much memory the kernel takes for it, and whether the machine and its control groups have that. */
import type { Needs } from '../../model/needs.js'
import type { Shortage } from '../kernel.js'
import { groupMemory } from './cgroup.js'
import { lineNumber, type Roots, readText, sum } from './figures.js'

const kib = 1024
const mib = 1024 * kib

/**
 * Measured on Linux 6.18 with two processors: the growth of Slab, Percpu, KernelStack, PageTables and Shmem of
 * /proc/meminfo over `up`, of 500 empty nodes (214 KiB each), 500 cables between two nodes (83, with IPv6 87), 300 bridges
 * (47), vxlans (38), macvlans (38) and taps (72) in a node, and 2000 addresses (IPv4 0.4, IPv6 1.0) or routes (0.2, 0.3).
 * In a chain of 500 a node takes 317 with its cable, as a cable's ends then are the first links of their namespaces: 20 more.
 */
const costs = { namespace: 214 * kib, link: 48 * kib, address: kib, route: 0.3 * kib }
const ofKind: Readonly<Record<string, number>> = { veth: 103 * kib, tap: 72 * kib, tun: 72 * kib }

/** Of this a control group is charged for a half: 158 of a node's 317 KiB. */
const charged = 1 / 2

/** The kernel gives back part of it under pressure: it is surely too little only where three quarters don't fit. */
const surely = 3 / 4
const near = 4 / 5

/**
 * A host with a mount and a PID namespace, besides its network; a program in it, with who brought it there and waits. By what
 * a control group was charged for 200 hosts with nothing else (154 KiB each), and with a `sleep` each (200 more).
 */
const ofHosts = { host: 160 * kib, process: 200 * kib, supervisor: 60 * mib }

function memoryForHosts({ hosts }: Needs): number {
  if (!hosts) return 0
  const started = hosts.processes - hosts.count
  return hosts.count * ofHosts.host + started * ofHosts.process + (started > 0 ? ofHosts.supervisor : 0)
}

export function memoryFor({ namespaces, links, addresses, routes }: Needs): number {
  let bytes = namespaces * costs.namespace + addresses * costs.address + routes * costs.route
  for (const [kind, count] of links) bytes += count * (ofKind[kind] ?? costs.link)
  return bytes
}

/** A lab that takes less than this is not worth looking. */
const few = 4 * mib

export function memoryShortages(needs: Needs, roots: Roots): readonly Shortage[] {
  const [network, hosts] = [memoryFor(needs), memoryForHosts(needs)]
  if (network + hosts < few) return []
  return [...ofMachine(network + hosts, roots), ...ofGroups(network * charged + hosts, roots)]
}

function ofMachine(wanted: number, { proc }: Roots): readonly Shortage[] {
  const text = readText(`${proc}/meminfo`)
  const available = lineNumber(text, 'MemAvailable')
  if (available === undefined || wanted <= near * available * kib) return []
  // Programs can make room for the kernel, which itself is never swapped out.
  const most = sum(available, lineNumber(text, 'SwapFree')) * kib
  const message = `the lab wants some ${inMib(wanted)} of memory, and ${inMib(available * kib)} are available`
  const fix = 'nstopo down LAB gives back what another lab takes (nstopo ls lists them)'
  return [{ message, fix, fatal: surely * wanted > most }]
}

function ofGroups(wanted: number, roots: Roots): readonly Shortage[] {
  return groupMemory(roots)
    .filter(({ available }) => wanted > near * available)
    .map(({ available, limit, file }) => {
      const message = `the lab wants some ${inMib(wanted)} of its control group’s memory, and ${inMib(available)} are left of ${file} = ${limit}`
      const value = Math.ceil((limit - available + 2 * wanted) / mib)
      return { message, fix: `echo ${value}M > ${file}`, fatal: surely * wanted > available }
    })
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / mib)} MiB`
}
