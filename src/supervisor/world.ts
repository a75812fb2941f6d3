/** A lab's folder in; how commands are started in its hosts out. */
import { basename, dirname } from 'node:path'
import { stepsInto } from '../kernel/host/into.js'
import { launcher } from '../kernel/host/launch.js'
import { livingHost } from '../kernel/host/living.js'
import type { Step } from '../kernel/host/steps.js'
import { SystemError } from '../kernel/kernel.js'
import { linkTarget } from '../kernel/nsfs.js'
import type { Process } from '../model/state.js'
import { networkOf } from './family.js'
import { reportDescriptor } from './launch.js'
import type { Pace } from './pace.js'
import type { World } from './runs.js'

/** What a program has that is told nothing else, whoever has started the supervisor. */
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Node allows itself, and so whom it starts, as many as may be; some programs go through all of them. */
const usualDescriptors = 1024

export function worldOf(folder: string, pace: Pace, changed: () => void): World {
  const place = { home: dirname(folder), names: { lab: basename(folder), folder } }
  return {
    pace,
    changed,
    commandOf({ node, user, workdir, environment }: Process, command, gate) {
      const host = livingHost(place, node)
      if (!host) throw new SystemError(`enter ${node}`, 'ESRCH', 'its init has ended')
      const { init } = host
      const report: readonly Step[] = gate ? [{ do: 'report', fd: reportDescriptor }] : []
      const steps = stepsInto(host, { user, workdir, child: hasOwnPids(init.pid) ? 'wait' : 'become' })
      return {
        argv: launcher([...report, { do: 'descriptors', most: usualDescriptors }, ...steps], command),
        environment: { PATH: path, HOME: '/root', ...environment },
        network: networkOf(init.pid),
      }
    },
  }
}

function hasOwnPids(pid: number): boolean {
  return linkTarget(`/proc/${pid}/ns/pid`) !== linkTarget('/proc/self/ns/pid')
}
