/** A program that starts with its node, held by the lab's supervisor. */
import type { FieldChange } from '../model/plan.js'
import type { Process, ProcessSeen } from '../model/state.js'
import { differences, id, type ResourceKind } from './contract.js'

const said = ['command', 'ready', 'needs', 'restart', 'user', 'workdir', 'environment', 'stop', 'log', 'files'] as const

const runs = (state: ProcessSeen['state']): boolean => ['starting', 'running', 'ready'].includes(state)

/** One that has done its work is as the file says; one that has failed at it, or should listen, is not. */
function ended({ seen }: Process, desired: Process): readonly FieldChange[] {
  // It is to be again what it was, whatever that was.
  if (desired.seen && !runs(desired.seen.state)) return []
  if (seen === undefined || runs(seen.state) || (seen.state === 'exited' && hasDone(seen, desired))) return []
  return [{ field: 'state', from: seen.state, to: desired.ready ? 'ready' : 'running' }]
}

/** How it ended nobody may have seen: that is no reason to do its work twice. */
const hasDone = ({ ended = 'unknown' }: ProcessSeen, { ready }: Process): boolean =>
  ready?.by !== 'listen' && ['exit 0', 'unknown'].includes(ended)

/** Nobody reads what it writes, hears of its end, or would start it again: the next order brings another supervisor. */
function alone({ seen }: Process): readonly FieldChange[] {
  return seen?.unsupervised ? [{ field: 'supervisor', from: 'killed', to: 'living' }] : []
}

export const process: ResourceKind<Process> = {
  type: 'process',
  key: ({ name }) => name,
  name: ({ name }) => `process ${name}`,
  compare: (desired, observed) => [
    ...differences(said, desired, observed),
    ...ended(observed, desired),
    ...alone(observed),
  ],
  updatable: () => true,
  owner: () => 'marked',
  needs: ({ node, needs }) => [id.host(node), ...needs.map(other => id.process(other.node, other.process))],
  provides: ({ node, name }) => [id.process(node, name)],
  act: ({ verb, resource }) => {
    const process = resource as Process
    const { node, name } = process
    return {
      by: 'order',
      order: verb === 'remove' ? { do: 'stop', node, name, forget: true } : { do: 'start', process },
    }
  },
  words: () => [],
}
