/** A node in; what it calls itself out (hostname(7)). */
import { error, warning } from '../../../diagnostic.js'
import type { Draft, DraftNode, Report } from '../draft.js'
import { pick } from '../item.js'
import { printable } from '../names.js'

/** What every node is called: by hostname, the first node that has it. */
export interface NamesOfAll {
  readonly draft: Draft
  readonly owners: ReadonlyMap<string, DraftNode>
}

/** The kernel's __NEW_UTS_LEN (linux/utsname.h), in bytes. */
const longest = 64

export function namesOfAll(draft: Draft): NamesOfAll {
  const owners = new Map<string, DraftNode>()
  for (const node of draft.nodes.values()) owners.set(node.name, node)
  for (const node of draft.nodes.values()) {
    const name = hostnameOf(node)
    if (!owners.has(name)) owners.set(name, node)
  }
  return { draft, owners }
}

/** As it is said, right or wrong. */
export function hostnameOf({ spec, name }: DraftNode): string {
  return spec.value.hostname ?? name
}

interface Reading {
  readonly names: NamesOfAll
  readonly report: Report
}

export function readHostname(node: DraftNode, { names, report }: Reading): string {
  const said = pick(node.spec, 'hostname')
  if (said === undefined) return node.name
  const { value, at } = said
  const owner = names.owners.get(value)
  if (!isHostname(value)) report(error('bad-name', `\`${printable(value)}\` cannot be a hostname`, at, { hint: form }))
  else if (owner && owner !== node) {
    const also = [{ at: { path: owner.at, key: true }, message: `${owner.name} is called so` }]
    report(warning('hostname-taken', `${node.name} calls itself \`${value}\`, as ${owner.name} does`, at, { also }))
  }
  return value
}

const form = `letters, digits and hyphens, in parts with dots between them, at most ${longest} in all: \`web.example\``

/** RFC 1123, section 2.1. */
export function isHostname(text: string): boolean {
  return (
    text.length <= longest &&
    text.split('.').every(part => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(part))
  )
}
