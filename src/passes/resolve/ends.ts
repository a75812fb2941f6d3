/** An end of a link: `node:interface ADDRESS…` or its long form in, its parts out. */
import { type Diagnostic, error } from '../../diagnostic.js'
import type { EndSpec, InterfaceSpec } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import { parseAddress } from '../../model/ip.js'
import type { Read } from './address.js'
import type { Item } from './item.js'
import { checkInterfaceName, printable } from './names.js'

export interface ParsedEnd {
  readonly node: string
  readonly interface?: string
  readonly addresses: readonly Item<string>[]
  /** The long form's settings. */
  readonly spec?: Item<InterfaceSpec>
  readonly at: Path
}

export function parseEnd({ value, at }: Item<EndSpec>): Read<ParsedEnd> {
  if (typeof value !== 'string') return parseLong(value, at)
  const words = wordsOf(value)
  const name = parseName(words[0]!, { path: at })
  if ('wrong' in name) return name
  const addresses = words.length === 1 ? none : words.slice(1).map(text => ({ value: text, at }))
  const { node, interface: port } = name.value
  return { value: port === undefined ? { node, addresses, at } : { node, interface: port, addresses, at } }
}

const none: readonly never[] = []

/** Where single blanks stand between words, and nothing else needs a look: splitting by an expression is slow. */
function wordsOf(text: string): readonly string[] {
  return /[^\S ]|^ | $| {2}/.test(text) ? text.trim().split(/\s+/) : text.split(' ')
}

function parseLong(value: Exclude<EndSpec, string>, at: Path): Read<ParsedEnd> {
  const { node, interface: own, ...spec } = value
  if (own === undefined && node.includes(':')) {
    const hint = `\`{ node: ${printable(node.split(':')[0]!)}, interface: ${printable(node.split(':')[1]!)}, … }\``
    return { wrong: error('bad-value', 'the long form names the interface apart', [...at, 'node'], { hint }) }
  }
  const wrong = own === undefined ? undefined : checkInterfaceName(own, { path: [...at, 'interface'] })
  if (wrong) return { wrong }
  return { value: { node, ...(own !== undefined && { interface: own }), addresses: [], spec: { value: spec, at }, at } }
}

/** What nearly every end is: no address, nothing missing. */
const plain = /^[A-Za-z][A-Za-z0-9_-]*$/
const usual = /^[A-Za-z][A-Za-z0-9_-]*:[^:]+$/

/** `node` or `node:interface`. */
export function parseName(
  text: string,
  at: { readonly path: Path },
): Read<{ readonly node: string; readonly interface?: string }> {
  if (plain.test(text)) return { value: { node: text } }
  if (usual.test(text)) {
    const colon = text.indexOf(':')
    return withPort(text.slice(0, colon), text.slice(colon + 1), at)
  }
  const [node = '', port, ...more] = text.split(':')
  const wrong = malformed(text, { node, port, more: more.length }, at)
  if (wrong) return { wrong }
  return port === undefined ? { value: { node } } : withPort(node, port, at)
}

function withPort(node: string, port: string, at: { readonly path: Path }): ReturnType<typeof parseName> {
  const bad = checkInterfaceName(port, at)
  return bad ? { wrong: bad } : { value: { node, interface: port } }
}

function malformed(
  text: string,
  parts: { readonly node: string; readonly port: string | undefined; readonly more: number },
  at: { readonly path: Path },
): Diagnostic | undefined {
  const shown = `\`${printable(text)}\``
  const refuse = (message: string, hint: string) => error('bad-value', message, at, { hint })
  if (text === '') return refuse('an end names a node', '`h1` or `h1:eth0`')
  if (parseAddress(text.split('/')[0]!)) return refuse(`${shown} is no end`, `the node comes first: \`h1 ${text}\``)
  if (parts.node === '') return refuse(`${shown} names no node before its colon`, `\`h1:${parts.port}\`, say`)
  if (parts.more > 0) {
    const hint = 'an end is `node` or `node:interface`; addresses follow after a blank'
    return refuse(`${shown} has more than one colon`, hint)
  }
  if (parts.port === '')
    return refuse(`${shown} names no interface after its colon`, `\`${parts.node}:eth0\`, or \`${parts.node}\` alone`)
  return undefined
}
