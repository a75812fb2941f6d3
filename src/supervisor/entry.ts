/** What the file says of a process in; what is written down of it before it ever ran, and what its state means, out. */
import type { Entry } from '../kernel/host/journal.js'
import type { Process } from '../model/state.js'

export function fresh(process: Process): Entry {
  return { process: definition(process), wanted: 'run', state: 'starting', restarts: 0, failures: 0 }
}

/** What the file says of it. */
export function definition({ seen: _, at: __, ...process }: Process): Process {
  return process
}

/** Whether the program is the same; what is done about it may be otherwise. */
export function isSameProgram(one: Process, other: Process): boolean {
  const program = ({ needs: _, ready: __, restart: ___, stop: ____, log: _____, ...own }: Process) =>
    JSON.stringify(definition(own as Process))
  return program(one) === program(other)
}

/** Whether what needs it can be started. */
export function isUsable({ state, ended }: Entry): boolean {
  return state === 'ready' || state === 'running' || (state === 'exited' && ended === 'exit 0')
}

/** Whether it is to be started again after this end. */
export function goesOn({ restart }: Process, how: string): boolean {
  return restart === 'always' || (restart === 'on-failure' && how !== 'exit 0')
}
