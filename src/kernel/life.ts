/** A lab's folder: made whole, and taken away with everything that is the lab's, and nothing else. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { MNT_DETACH } from '../../native/constants.js'
import { umount2 } from '../../native/libc.js'
import type { LabRecord } from '../model/plan.js'
import { attempt, checked, unless } from './errors.js'
import { isThere } from './folders.js'
import { otherHolders, processesIn, type Wanted, wanted } from './holders.js'
import { labsIn, setUpHome, setUpNetns, tidyHome, withHome } from './home.js'
import { belongings, endResidents } from './host/belongings.js'
import type { Place } from './host/living.js'
import { endSupervisor } from './host/supervisor.js'
import { endHosts, removeHosts } from './host.js'
import type { Removed, Stranger } from './kernel.js'
import { isOurs, mountOurs } from './mounts.js'
import { claim, type Names, setUpPins } from './names.js'
import * as pins from './namespaces.js'
import { recordText } from './record.js'
import { findNamespaces, linkedNames } from './standing.js'
import { foreignMounts, machines } from './strangers.js'

interface Start {
  readonly record: LabRecord
  readonly adopted: readonly Stranger[]
}

/** Mounts the lab's tmpfs with its record in it, unless it stands. */
export function createLab(home: string, names: Names, { record, adopted }: Start): void {
  const { folder } = names
  withHome(home, held => {
    setUpHome(held)
    setUpNetns(home)
    if (isOurs(folder)) return
    if (!isThere(folder)) attempt(`make ${folder}`, () => mkdirSync(folder, { mode: 0o755 }))
    mountOurs(folder, inside => {
      setUpPins(inside)
      for (const { node, inode } of adopted) claim({ ...names, folder: inside }, node, inode!)
      attempt(`write ${folder}/lab.json`, () =>
        writeFileSync(`${inside}/lab.json`, recordText(record), { mode: 0o600, flush: true }),
      )
    })
  })
}

/** Whether anything is left of the lab, or of a state folder in which no lab stands. */
export function hasTraces(home: string, names: Names): boolean {
  return (
    [names.folder, `${names.folder}.lock`, `${home}.lock`].some(isThere) ||
    linkedNames(names).length > 0 ||
    (isOurs(home) && labsIn(home).length === 0)
  )
}

/** Ends the processes in the nodes, takes everything away at once, and names who still holds a node. */
export function removeLab(home: string, names: Names, keep: ReadonlySet<string> = new Set()): Removed {
  const all = findNamespaces(names)
  const nodes = new Map([...all].filter(([node]) => !keep.has(node)))
  // Who holds the programs would start them again.
  endSupervisor(names.folder)
  endProcessesIn({ home, names }, nodes)
  endHosts({ home, names }, all.keys())
  const linked = new Set(linkedNames(names))
  for (const node of linked) pins.dropLink(names, node)
  for (const node of nodes.keys()) if (!linked.has(node)) pins.dropName(names, node)
  const left = foreignMounts(names, all)
  if (left.length > 0) {
    removeHosts({ home, names }, all.keys())
    for (const node of nodes.keys()) pins.dropNamespace(names, node)
  }
  withHome(home, held => {
    if (left.length === 0) unmountLab(names.folder)
    tidyHome(held)
  })
  return { nodes: nodes.size, holders: lastingHolders(wanted(nodes)), left }
}

const looks = 12
const betweenLooks = 25

/** Who only looked around, as `watch` does, goes by himself in a moment. */
function lastingHolders(nodes: Wanted): Removed['holders'] {
  for (let look = 1; ; look++) {
    const holders = [...processesIn(nodes), ...otherHolders(nodes)]
    if (holders.length === 0 || look === looks) return holders
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenLooks)
  }
}

/** Takes a lab's tmpfs and all pins in it away at once, and its folder. */
function unmountLab(folder: string): void {
  if (!isOurs(folder)) return
  checked(umount2(folder, MNT_DETACH), `unmount ${folder}`)
  // The rmdir also detaches the copies that other mount namespaces have of it.
  unless(['ENOENT'], () => attempt(`remove ${folder}`, () => rmdirSync(folder)))
}

/** What is in the nodes' networks, or in any other namespace that is theirs alone. */
export function endProcessesIn(place: Place, nodes: ReadonlyMap<string, number>): void {
  if (nodes.size === 0) return
  const first = machines()
  // Whatever happens, the machine's own processes are never meant.
  const found = wanted(new Map([...nodes].filter(([, inode]) => !first.has(inode))))
  endResidents(() => new Map([...found, ...belongings(place, nodes.keys())]))
}
