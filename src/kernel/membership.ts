/** Nodes in; their namespaces of all kinds, with the programs that are in them, out (namespaces(7), proc_pid_ns(5)). */
import { command, pids } from './holders.js'
import { type NamespaceSeen, type NamespaceType, namespaceTypes, type Program } from './kernel.js'
import type { Names } from './names.js'
import { inodeOf, linkTarget } from './nsfs.js'

/** What is known of a node before anybody looks around. */
export interface Door {
  readonly node: string
  /** The inode of its network namespace. */
  readonly net: number
  /** The process that holds the others, where the node is a whole host. */
  readonly init: number | undefined
}

/** Inodes by type; what has gone meanwhile has none. */
type Namespaces = ReadonlyMap<NamespaceType, number>

interface Member extends Program {
  readonly namespaces: Namespaces
}

/** By node, in the order of `namespaceTypes`. Every process of the machine is looked at once, however many nodes there are. */
export function namespacesOf(names: Names, doors: readonly Door[]): ReadonlyMap<string, readonly NamespaceSeen[]> {
  // The first process may be one that root without all of its rights can't look at.
  const machine = new Map([...namespacesOfProcess(process.pid), ...namespacesOfProcess(1)])
  const everybody = pids().map(pid => ({ pid, namespaces: namespacesOfProcess(pid) }))
  const inside = (own: Namespaces): readonly Member[] =>
    everybody
      .filter(({ namespaces }) => shares(namespaces, own, machine))
      .map(member => ({ ...member, command: command(member.pid) }))
  return new Map(
    doors.map(door => {
      const own = ownOf(names, door, machine)
      return [door.node, seen(own, machine, inside(own))]
    }),
  )
}

/** What who enters the node comes into. */
function ownOf({ folder }: Names, { node, net, init }: Door, machine: Namespaces): Namespaces {
  if (init !== undefined) return new Map([...namespacesOfProcess(init), ['net', net]])
  const uts = inodeOf(`${folder}/uts/${node}`)
  // For commands in it these are made when there are some: the mounts for each anew.
  const later = ([type]: readonly [NamespaceType, number]) => type !== 'mnt' && type !== 'uts'
  return new Map([...[...machine].filter(later), ['net', net], ...(uts === undefined ? [] : [['uts', uts] as const])])
}

/** Any namespace of the node's own makes a program one of its. */
function shares(of: Namespaces, own: Namespaces, machine: Namespaces): boolean {
  return [...own].some(([type, inode]) => inode !== machine.get(type) && of.get(type) === inode)
}

function seen(own: Namespaces, machine: Namespaces, members: readonly Member[]): readonly NamespaceSeen[] {
  return namespaceTypes.flatMap(type => {
    const first = own.get(type) ?? machine.get(type)
    const others = members.map(({ namespaces }) => namespaces.get(type))
    const inodes = [...new Set([first, ...others])].filter(inode => inode !== undefined)
    return inodes.map(inode => ({
      ...{ type, inode, entered: inode === own.get(type), machine: inode === machine.get(type) },
      programs: members
        .filter(({ namespaces }) => namespaces.get(type) === inode)
        .map(({ pid, command }) => ({ pid, command })),
    }))
  })
}

function namespacesOfProcess(pid: number): Namespaces {
  const found = namespaceTypes.map(type => [type, inodeIn(linkTarget(`/proc/${pid}/ns/${type}`))] as const)
  return new Map(found.flatMap(([type, inode]) => (inode === undefined ? [] : [[type, inode] as const])))
}

/** Of `net:[4026531840]`. */
function inodeIn(link: string | undefined): number | undefined {
  const inode = /\[(\d+)\]$/.exec(link ?? '')?.[1]
  return inode === undefined ? undefined : Number(inode)
}
