/** A network in, a picture of it as text, Mermaid or DOT out. */
import type { End, Interface, Network, Node } from '../model/network.js'
import { paint } from './paint.js'
import { count, plain, table } from './table.js'

/** Each node with its interfaces, their addresses, and what each leads to. */
export function renderGraph(network: Network, { colour }: { readonly colour: boolean }): string {
  const colours = paint(colour)
  const size = `${count(network.nodes.length, 'node')}, ${count(network.wires.length, 'link')}`
  const interfaces = interfacesOf(network)
  const nodes = network.nodes.flatMap(node => [
    '',
    `${colours.strong(node.name)} ${colours.faint([node.kind, ...labels(node)].join(' '))}`,
    ...branches(node, interfaces),
  ])
  return `${[`${network.lab}: ${size}`, ...nodes].join('\n')}\n`
}

function labels(node: Node): readonly string[] {
  return Object.entries(node.labels).map(([name, value]) => plain(`${name}=${value}`))
}

function branches(node: Node, interfaces: ReadonlyMap<string, Interface>): readonly string[] {
  const shown = node.interfaces.filter(own => own.kind !== 'loopback' || own.addresses.length > 0)
  const rows = shown.map(own => [plain(own.name), kindOf(own), addressesOf(own).join(' '), ...far(own, interfaces)])
  return table(rows).map((line, index) => `${index === rows.length - 1 ? '└─' : '├─'} ${line}`)
}

function kindOf(own: Interface): string {
  if (own.kind === 'veth' || own.kind === 'loopback') return ''
  return own.parent === undefined ? own.kind : `${own.kind} on ${own.parent}`
}

function far(own: Interface, interfaces: ReadonlyMap<string, Interface>): readonly string[] {
  if (!own.peer) return []
  const peer = interfaces.get(key(own.peer))
  return [`── ${plain(key(own.peer))}${peer ? ` ${addressesOf(peer).join(' ')}` : ''}`]
}

/** For Mermaid (mermaid.js.org/syntax/flowchart.html): a LAN's switch is a hexagon, a router is rounded. */
export function renderMermaid(network: Network): string {
  const interfaces = interfacesOf(network)
  const number = new Map(network.nodes.map((node, index) => [node.name, `n${index}`]))
  const shapes = { host: ['["', '"]'], router: ['("', '")'], switch: ['{{"', '"}}'] } as const
  const nodes = network.nodes.map(node => {
    const [open, close] = shapes[node.kind]
    return `  ${number.get(node.name)}${open}${[node.name, ...loopbacks(node), ...labels(node)].map(mermaid).join('<br>')}${close}`
  })
  const edges = network.wires.map(({ ends: [one, other] }) => {
    const text = [one, other].map(end => mermaid(endLabel(end, interfaces).join(' '))).join(' — ')
    return `  ${number.get(one.node)} ---|"${text}"| ${number.get(other.node)}`
  })
  return `${['graph LR', ...nodes, ...edges].join('\n')}\n`
}

/** Everything that Mermaid or the HTML in it could take for its own becomes a character reference. */
function mermaid(text: string): string {
  return plain(text).replace(/[^A-Za-z0-9 .:,/_=+-]/gu, character => `#${character.codePointAt(0)};`)
}

/**
 * For Graphviz (graphviz.org/doc/info/lang.html). Both ends stand in one label, since dot keeps no room for those at the
 * tail and the head, and lays them over each other.
 */
export function renderDot(network: Network): string {
  const interfaces = interfacesOf(network)
  const shapes = { host: 'shape=box', router: 'shape=box, style=rounded', switch: 'shape=hexagon' } as const
  const nodes = network.nodes.map(node => {
    const label = [node.name, ...loopbacks(node), ...labels(node)]
    return `  ${dot([node.name])} [${shapes[node.kind]}, label=${dot(label)}];`
  })
  const edges = network.wires.map(({ ends: [one, other] }) => {
    const label = [one, other].map(end => [key(end), ...endLabel(end, interfaces).slice(1)].join(' '))
    return `  ${dot([one.node])} -- ${dot([other.node])} [label=${dot(label)}];`
  })
  return `${[`graph ${dot([network.lab])} {`, ...dotStyle, ...nodes, ...edges, '}'].join('\n')}\n`
}

const dotStyle = ['  node [fontname="sans-serif"];', '  edge [fontname="sans-serif", fontsize=10];']

/** A quoted string of several lines: only `"` and the escapes that begin with a backslash are special in it. */
function dot(lines: readonly string[]): string {
  return `"${lines.map(line => plain(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"')).join('\\n')}"`
}

function endLabel(end: End, interfaces: ReadonlyMap<string, Interface>): readonly string[] {
  const own = interfaces.get(key(end))
  return [end.interface, ...(own ? addressesOf(own) : [])]
}

function loopbacks(node: Node): readonly string[] {
  return node.interfaces.filter(own => own.kind === 'loopback').flatMap(addressesOf)
}

function addressesOf(own: Interface): readonly string[] {
  return own.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`)
}

function interfacesOf(network: Network): ReadonlyMap<string, Interface> {
  return new Map(
    network.nodes.flatMap(node => node.interfaces.map(own => [key({ node: node.name, interface: own.name }), own])),
  )
}

function key(end: End): string {
  return `${end.node}:${end.interface}`
}
