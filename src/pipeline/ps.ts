/** A lab → the programs of its file as they are, and what else runs in its nodes. */
import type { Kernel, LabSpace, NamespaceSeen, Program } from '../kernel/kernel.js'
import type { ProcessReport, ProcessStatus, Result } from '../model/report.js'
import type { Process } from '../model/state.js'
import { failure } from './failures.js'
import { surveyOf } from './lab.js'
import { earlierOf } from './record.js'

/** In the order of the file; of all nodes, or of one. */
export function processes(name: string, kernel: Kernel, only?: string): Result<ProcessReport> {
  const lab = surveyOf(name, kernel)
  const standing = new Set(lab.space.nodes().keys())
  if (standing.size === 0) return failure('not-up', `the lab ${name} is not up`, 'nstopo ls')
  const applied = earlierOf(lab).applied()
  const said = [...(applied?.network.nodes.map(node => node.name) ?? [])]
  const nodes = [...new Set([...said, ...standing])].filter(
    node => standing.has(node) && (only === undefined || node === only),
  )
  const namespaces = lab.space.namespaces(nodes)
  const report = nodes.map(node => {
    const seen = lab.space.readHost(node)
    const init = seen.host?.pid
    const own = statuses([...(applied?.state.get(node)?.process.values() ?? [])], seen.processes)
    const known = new Set([init, ...own.map(({ pid }) => pid)])
    const others = programsOf(namespaces.get(node) ?? []).filter(({ pid }) => !known.has(pid))
    return { node, ...(init === undefined ? {} : { init }), processes: own, others }
  })
  lab.space.close()
  return { value: { lab: name, nodes: report }, diagnostics: [] }
}

/** Those of the file first; then those that it does not say any more. */
function statuses(said: readonly Process[], seen: readonly Process[]): readonly ProcessStatus[] {
  const held = new Map(seen.map(process => [process.name, process]))
  const names = new Set([...said, ...seen].map(({ name }) => name))
  return [...names].map(name => statusOf(held.get(name) ?? said.find(process => process.name === name)!))
}

export function statusOf({ name, command, seen }: Process): ProcessStatus {
  return { process: name, ...(seen ?? { state: 'missing', restarts: 0 }), command }
}

/** What processes are, as the kernel has them now. */
export function statusesIn(space: LabSpace, wanted: readonly Process[]): readonly (ProcessStatus & { node: string })[] {
  return wanted.map(process => {
    const held = space.readHost(process.node).processes.find(({ name }) => name === process.name)
    return { node: process.node, ...statusOf(held ?? process) }
  })
}

/**
 * Each once, whichever namespaces it has. Who came into the node's mounts and not among its process ids only waits for a
 * program that is there.
 */
function programsOf(namespaces: readonly NamespaceSeen[]): readonly Program[] {
  const entered = (type: NamespaceSeen['type']) =>
    namespaces.find(one => one.type === type && one.entered && !one.machine)?.programs.map(({ pid }) => pid)
  const [mounts, ids] = [entered('mnt'), entered('pid')]
  const waits = (pid: number) => ids !== undefined && !ids.includes(pid) && (mounts?.includes(pid) ?? false)
  const all = namespaces.flatMap(({ programs }) => programs.map(program => [program.pid, program] as const))
  return [...new Map(all).values()].filter(({ pid }) => !waits(pid)).sort((a, b) => a.pid - b.pid)
}
