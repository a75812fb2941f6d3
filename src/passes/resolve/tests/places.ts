/** Nodes, interfaces, addresses and ports as tests name them in; known ones out, others reported. */
import { error } from '../../../diagnostic.js'
import type { PortTarget } from '../../../model/assertion.js'
import { parseAddress } from '../../../model/ip.js'
import type { Draft, DraftNode, Report } from '../draft.js'
import { type Item, list } from '../item.js'
import { printable } from '../names.js'
import { didYouMean } from '../nearest.js'

export interface TestContext {
  readonly draft: Draft
  readonly report: Report
}

type Said = Item<string | readonly string[]> | undefined

/** Nodes; `all` are those that are no switches. */
export function named(said: Said, context: TestContext): readonly string[] {
  return list<string>(said).flatMap(item => {
    if (item.value === 'all' && !context.draft.nodes.has('all')) return all(context.draft)
    nodeNamed(item, context)
    return [item.value]
  })
}

/** Nodes, `node:interface`, addresses. */
export function places(said: Said, context: TestContext): readonly string[] {
  return list<string>(said).flatMap(item => {
    if (item.value === 'all' && !context.draft.nodes.has('all')) return all(context.draft)
    checkPlace(item, context)
    return [item.value]
  })
}

function all({ nodes }: Draft): readonly string[] {
  return [...nodes.values()].filter(({ kind }) => kind !== 'switch').map(({ name }) => name)
}

/** The node of this name; reports that there is none. */
export function nodeNamed({ value, at }: Item<string>, { draft, report }: TestContext): DraftNode | undefined {
  const found = draft.nodes.get(value)
  if (!found && !draft.gaps.hides(value) && !draft.strangers.has(value))
    report(error('unknown-node', `there is no node \`${printable(value)}\``, at, didYouMean(value, draft.nodes.keys())))
  return found
}

function checkPlace({ value, at }: Item<string>, context: TestContext): void {
  if (parseAddress(value)) return
  const colon = value.indexOf(':')
  const node = nodeNamed({ value: colon < 0 ? value : value.slice(0, colon), at }, context)
  const dev = value.slice(colon + 1)
  if (!node || colon < 0 || node.broken || node.interfaces.has(dev)) return
  const near = didYouMean(dev, node.interfaces.keys())
  context.report(error('unknown-interface', `${node.name} has no interface \`${printable(dev)}\``, at, near))
}

/** `place:port`, or, where there is a usual port, `place`; an IPv6 address stands in brackets. */
export function portsOf(said: Said, usual: number | undefined, context: TestContext): readonly PortTarget[] {
  return list<string>(said).flatMap(item => portOf(item, usual, context) ?? [])
}

function portOf(item: Item<string>, usual: number | undefined, context: TestContext): PortTarget | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|(.+?))(?::(\d{1,5}))?$/.exec(item.value) ?? []
  const to = bracketed ?? plain ?? item.value
  const port = digits === undefined ? usual : Number(digits)
  if (port === undefined || port < 1 || port > 65535) {
    const message =
      digits === undefined ? `${printable(item.value)} lacks a port` : `there is no port ${digits}: they are 1 to 65535`
    return void context.report(error('bad-value', message, item.at, { hint: 'such as `web:80`' }))
  }
  checkPlace({ value: to, at: item.at }, context)
  return { to, port }
}
