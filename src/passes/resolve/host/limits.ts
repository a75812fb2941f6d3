/** A node in; how much of the machine it may use out. */
import { error } from '../../../diagnostic.js'
import { bytes, processors } from '../../../kinds/index.js'
import type { Limits } from '../../../model/network.js'
import type { DraftNode, Report } from '../draft.js'
import { pick } from '../item.js'

/** Bytes; with less not even a shell starts. */
const leastMemory = 1024 * 1024
/** The kernel takes no quota under a millisecond in its usual period of 100 (Documentation/admin-guide/cgroup-v2.rst). */
const leastCpu = 0.01

export function readLimits(node: DraftNode, report: Report): Limits | undefined {
  const said = pick(node.spec, 'limits')
  if (said === undefined) return undefined
  const [memory, cpu, pids] = [pick(said, 'memory'), pick(said, 'cpu'), pick(said, 'pids')]
  const space = memory && bytes(memory.value)!
  const share = cpu && processors(cpu.value)!
  if (memory && space! < leastMemory)
    report(error('bad-value', `\`memory\` is at least 1mb, not \`${memory.value}\``, memory.at))
  if (cpu && share! < leastCpu) {
    const hint = 'a bare number counts processors: 1.5 is one and a half'
    report(error('bad-value', `\`cpu\` is at least 1%, not \`${cpu.value}\``, cpu.at, { hint }))
  }
  return {
    ...(space === undefined ? {} : { memory: space }),
    ...(share === undefined ? {} : { cpu: share }),
    ...(pids === undefined ? {} : { pids: pids.value }),
  }
}
