/** Labs with hosts and processes for the tests of this room, gone afterwards; /proc as the witness. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { processesOf, superviseIn } from '../../src/kernel/host/supervise.js'
import type { LabSpace, OrderRefusal, SuperviseOptions } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import type { IsolatedKind } from '../../src/model/network.js'
import type { Order } from '../../src/model/plan.js'
import type { Process, ProcessSeen } from '../../src/model/state.js'
import { labName, recordOf } from '../kernel/lab.js'

export interface Lab {
  readonly space: LabSpace
  readonly folder: string
  give(orders: readonly Order[], options?: SuperviseOptions): Promise<readonly OrderRefusal[]>
  /** Starts them, which must go well. */
  start(...processes: readonly Process[]): Promise<void>
  seen(name: string, node?: string): ProcessSeen | undefined
  /** Commands of all processes in the nodes, without those that nstopo has there itself. */
  programs(): readonly string[]
  commandOf(pid: number | undefined): string
}

/** Milliseconds before a process is started again for the first time. */
const soon = '20'

export async function withHosts(
  nodes: readonly string[],
  work: (lab: Lab) => Promise<void>,
  isolate: readonly IsolatedKind[] = ['mount', 'pid'],
): Promise<void> {
  const space = linux().space(labName())
  const folder = `/run/nstopo/${space.lab}`
  space.create(recordOf(space.lab))
  try {
    for (const node of nodes) {
      space.createNode(node)
      space.createHost({ type: 'host', node, hostname: node, isolate, environment: {} })
      space.home()
    }
    const give: Lab['give'] = (orders, options) => superviseIn(folder, orders, { ...options, words: [soon] })
    await work({
      space,
      folder,
      give,
      start: async (...processes) => {
        const refused = await give(processes.map(process => ({ do: 'start', process })))
        assert.deepEqual(refused, [])
      },
      seen: (name, node = nodes[0]!) => processesOf(folder, node).find(process => process.name === name)?.seen,
      commandOf: pid => commandOf(`${pid}`),
      programs: () => programsIn([...space.nodes().values()]),
    })
  } finally {
    space.remove()
  }
}

/** A process of node `a` that runs this shell script. */
export function shell(name: string, script: string, more: Partial<Process> = {}): Process {
  return {
    ...{ type: 'process', node: 'a', name, command: ['sh', '-c', script], needs: [], restart: 'no', environment: {} },
    ...{ stop: { signal: 'TERM', grace: 5 }, log: 65536, files: '', ...more },
  } as Process
}

function programsIn(networks: readonly number[]): readonly string[] {
  const wanted = new Set(networks.map(inode => `net:[${inode}]`))
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && wanted.has(quietly(() => readlinkSync(`/proc/${name}/ns/net`))))
    .map(pid =>
      quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        .replaceAll('\0', ' ')
        .trim(),
    )
    .filter(line => line !== '' && !/^(nstopo-init|\S*dist\/init) /.test(line))
    .sort()
}

function commandOf(pid: string): string {
  return quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    .replaceAll('\0', ' ')
    .trim()
}

function quietly(look: () => string): string {
  try {
    return look()
  } catch {
    return ''
  }
}

/** The text of a process's output, the oldest first. */
export function textOf(space: LabSpace, name: string, node = 'a'): string {
  return space
    .outputs(node, name)
    .map(path => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
    .join('')
}
