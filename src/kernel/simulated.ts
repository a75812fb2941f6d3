/** The Kernel interface on a machine that is only in memory. */
import type { Kernel } from './kernel.js'
import { machine, namespace } from './simulated/model.js'
import { failed } from './simulated/refused.js'
import { readSetting } from './simulated/settings.js'
import { type Held, heldIn } from './simulated/snapshot.js'
import { simulatedSpace } from './simulated/space.js'

export interface SimulatedKernel extends Kernel {
  /** All that the machine holds, as plain data: equal where nothing tells two machines apart but numbers that were drawn. */
  holdings(): Held
}

/**
 * A machine in memory, for programs that are tested with the library: no rights are needed, nothing of this machine is
 * touched, and it goes with the object.
 *
 * ```ts
 * const kernel = simulated()
 * await up(source(text, { name: 'fixture' }), kernel)
 * ```
 *
 * It takes the messages that Linux takes, with the same consequences as far as nstopo looks: connected routes, what a
 * link that goes down or away takes along, what is refused and why. It carries no packets and runs no programs; it makes
 * no link-local addresses and does no duplicate-address detection; of settings it knows the usual ones, and of their
 * values only whether they are numbers; there are no namespaces but those of its labs, and nothing can be listened to.
 */
export function simulated(): SimulatedKernel {
  const all = machine()
  return {
    prepare() {},
    labs: () => [...all.labs.keys()].sort(),
    space: lab => simulatedSpace(all, lab),
    lock(lab) {
      if (all.locks.has(lab)) return { pid: process.pid, command: 'another run of this program' }
      all.locks.add(lab)
      return { release: () => all.locks.delete(lab) }
    },
    held: lab => all.locks.has(lab),
    sweep: () => [],
    shortages: () => [],
    freshSysctls(names) {
      const fresh = namespace(0)
      const values = names.map(name => [name, readSetting(fresh, name)] as const)
      return new Map(values.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
    },
    bootId: () => 'simulated',
    user: () => 0,
    checks: () => [],
    enter: (_, node) => {
      throw failed(`run a program in ${node}, which is simulated`, 'EOPNOTSUPP')
    },
    probes() {
      throw failed('send packets where there are none', 'EOPNOTSUPP')
    },
    start: (_, node) => {
      throw failed(`start a program in ${node}, which is simulated`, 'EOPNOTSUPP')
    },
    obstacle: () => undefined,
    holdings: () => heldIn(all),
  }
}
