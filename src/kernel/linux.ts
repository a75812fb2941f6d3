/** The Kernel interface on the real thing. */
import { resolve } from 'node:path'
import { prepare } from '../../native/libc.js'
import { checks } from './checks.js'
import { enterNode, startIn } from './enter.js'
import { isHeld } from './held.js'
import { labFolder, labsIn } from './home.js'
import { sweepGroups } from './host/left-groups.js'
import type { Kernel, LabSpace } from './kernel.js'
import { findShortages } from './limits.js'
import { lockLab } from './lock.js'
import { pinPath } from './names.js'
import { findObstacle } from './obstacle.js'
import { probes } from './probes.js'
import { bootId } from './record.js'
import { labSpace } from './space.js'
import { sweep } from './sweep.js'
import { readSysctls } from './sysctl.js'
import { inNew } from './thread.js'
import { user } from './user.js'

export interface LinuxOptions {
  /** Where labs are kept: /run/nstopo unless said otherwise. */
  readonly stateDirectory?: string
}

/** The machine that we run on. Nothing is touched, and koffi not loaded, before a method needs it. */
export function linux(options: LinuxOptions = {}): Kernel {
  const home = resolve(options.stateDirectory ?? '/run/nstopo')
  const placeOf = ({ lab }: LabSpace) => ({ home, names: { lab, folder: labFolder(home, lab) } })
  return {
    prepare,
    labs: () => labsIn(home),
    space: lab => labSpace(home, lab),
    lock: lab => lockLab(home, lab),
    held: lab => isHeld(home, lab),
    sweep: dry => [...sweep(home, dry), ...sweepGroups(home, dry)],
    freshSysctls,
    bootId,
    user,
    checks: () => checks(home),
    shortages: needs => findShortages(needs, home),
    enter: (space, node, entry) => enterNode(placeOf(space), node, entry),
    probes: space => {
      const { names } = placeOf(space)
      return probes(node => ({ name: pinPath(names, node), open: () => space.descriptor(node) }))
    },
    start: (space, node, entry, start) => startIn(placeOf(space), node, entry, start),
    obstacle: () => findObstacle(home),
  }
}

/** Reads them in a namespace that is made for it. */
function freshSysctls(names: readonly string[]): ReadonlyMap<string, string> {
  const values = inNew(() => readSysctls('a scratch namespace', names))
  const known = names.map((name, index) => [name, values[index]] as const)
  return new Map(known.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}
