/** A lab → the namespaces of its nodes, and which of them share one. */
import type { Kernel, NamespaceSeen } from '../kernel/kernel.js'
import type { NamespaceReport, Result } from '../model/report.js'
import { failure } from './failures.js'

/** Of all nodes, or of one: whom it shares namespaces with is looked up among all. */
export function namespaces(lab: string, kernel: Kernel, only?: string): Result<NamespaceReport> {
  const space = kernel.space(lab)
  const standing = [...space.nodes().keys()].sort(new Intl.Collator('en', { numeric: true }).compare)
  if (standing.length === 0) return failure('not-up', `the lab ${lab} is not up`, 'nstopo ls')
  const seen = space.namespaces(standing)
  const owners = ownersOf(seen)
  const wanted = only === undefined ? standing : [only]
  const nodes = wanted.map(node => {
    const init = space.readHost(node).host?.pid
    const namespaces = (seen.get(node) ?? []).map(one => ({ ...one, nodes: others(owners, one, node) }))
    return { node, ...(init === undefined ? {} : { init }), namespaces }
  })
  space.close()
  return { value: { lab, nodes }, diagnostics: [] }
}

type Owners = ReadonlyMap<string, ReadonlySet<string>>

function ownersOf(seen: ReadonlyMap<string, readonly NamespaceSeen[]>): Owners {
  const owners = new Map<string, Set<string>>()
  for (const [node, held] of seen)
    for (const one of held) {
      const known = owners.get(keyOf(one))
      if (known) known.add(node)
      else owners.set(keyOf(one), new Set([node]))
    }
  return owners
}

/** What is the machine's is every node's: nobody needs a list of them. */
function others(owners: Owners, one: NamespaceSeen, node: string): readonly string[] {
  return one.machine ? [] : [...(owners.get(keyOf(one)) ?? [])].filter(other => other !== node)
}

function keyOf({ type, inode }: NamespaceSeen): string {
  return `${type} ${inode}`
}
