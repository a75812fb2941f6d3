/** Names of nodes that others have given to things of theirs → why a run can't begin, or the same taken over. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { LabSpace, Stranger } from '../kernel/kernel.js'
import type { Compiled } from '../model/report.js'
import type { Lab } from './lab.js'
import type { Survey } from './survey.js'

/** From now on, namespaces of the nodes' names are the nodes, whoever made them. */
export function takeOver({ network }: Compiled, { space }: Lab): void {
  const found = space.strangers(network.nodes.map(({ name }) => name))
  space.adopt(found.filter(({ inode, machine }) => inode !== undefined && !machine))
}

/** What stands where nodes are to be, and nstopo did not make: where it comes from, as far as that can be told. */
export function inTheWay({ compiled, observed }: Survey, { name, space }: Lab): readonly Diagnostic[] {
  const missing = compiled.network.nodes.map(node => node.name).filter(node => !observed.has(node))
  const [first, ...others] = space.strangers(missing)
  if (!first) return []
  const more = others.length === 0 ? '' : `; and ${others.length} more of the lab’s names are taken`
  const hint = `--name gives the lab another name${instead(name, first)}`
  const message = `${described(first, space)} is there already, and nstopo did not make it${more}`
  return [error('in-the-way', message, undefined, { hint })]
}

function instead(lab: string, { node, path, inode, machine }: Stranger): string {
  if (inode === undefined) return `; rm ${path} removes it`
  if (machine) return `; ip netns del ${lab}.${node} takes this one away, and not the namespace`
  return `, --adopt takes such namespaces over; ip netns del ${lab}.${node} removes one`
}

function described({ path, node, inode, target, machine }: Stranger, space: LabSpace): string {
  if (machine) return `${path}, which is the machine’s own namespace,`
  if (target !== undefined) return `${path}, a link to ${target},`
  if (inode === undefined) return `${path}, which is no namespace,`
  const [process, ...others] = space.processes(node)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const who = process ? `, in which process ${process.pid} (${process.command})${more} runs,` : ''
  return `the namespace ${path}${who}`
}
