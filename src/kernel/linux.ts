/** The Kernel interface on the real thing. */
import { resolve } from 'node:path'
import { prepare } from '../../native/libc.js'
import { checks } from './checks.js'
import { enterNamespace } from './enter.js'
import { labFolder, labsIn } from './home.js'
import type { Kernel } from './kernel.js'
import { lockLab } from './lock.js'
import { pinPath } from './namespaces.js'
import { findObstacle } from './obstacle.js'
import { bootId, mountNamespace } from './record.js'
import { labSpace } from './space.js'
import { readSysctls } from './sysctl.js'
import { inNew, orHome } from './thread.js'

export interface LinuxOptions {
  /** Where labs are kept: /run/nstopo unless said otherwise. */
  readonly stateDirectory?: string
}

/** The machine that we run on. Nothing is touched, and koffi not loaded, before a method needs it. */
export function linux(options: LinuxOptions = {}): Kernel {
  const home = resolve(options.stateDirectory ?? '/run/nstopo')
  return {
    prepare,
    labs: () => labsIn(home),
    space: lab => labSpace(home, lab),
    lock: lab => lockLab(home, lab),
    freshSysctls,
    bootId,
    mountNamespace,
    checks: () => checks(home),
    enter: (space, node, command, environment) =>
      orHome(() =>
        enterNamespace(
          {
            name: pinPath({ lab: space.lab, folder: labFolder(home, space.lab) }, node),
            open: () => space.descriptor(node),
          },
          command,
          environment,
        ),
      ),
    obstacle: () => findObstacle(home),
  }
}

/** Reads them in a namespace that is made for it. */
function freshSysctls(names: readonly string[]): ReadonlyMap<string, string> {
  const values = inNew(() => readSysctls('a scratch namespace', names))
  const known = names.map((name, index) => [name, values[index]] as const)
  return new Map(known.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}
