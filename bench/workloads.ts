/** Sizes in; topologies out: networks of one shape each. Chain and star are what the floor in C builds too. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Shape = 'chain' | 'star' | 'leaf-spine' | 'backbone' | 'three' | 'hosts'

/** A topology to be built, as one row of the tables. */
export interface Work {
  readonly shape: Shape
  /** As the tables count it: nodes; a star's hub, which stands beside its hosts, is not counted. */
  readonly size: number
  readonly text: string
}

const shapes: Readonly<Record<Shape, (size: number) => string>> = {
  chain,
  star,
  'leaf-spine': leafSpine,
  backbone: () => readFileSync(join(import.meta.dirname, '../topologies/backbone.yaml'), 'utf8'),
  three,
  hosts,
}

export function work(shape: Shape, size: number): Work {
  return { shape, size, text: shapes[shape](size) }
}

const dotted = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const lines = (...parts: readonly (string | readonly string[])[]) => [...parts.flat(), ''].join('\n')

/** Routers in a row, each cable with an IPv4 /31 and an IPv6 /64, a default route towards the first. */
export function chain(size: number): string {
  const nodes = numbers(size).map(
    i => `  n${i}: { routes: [${i === 0 ? '' : `{ to: default, via: ${dotted(2 * (i - 1))} }`}] }`,
  )
  const links = numbers(size - 1).map(i => {
    const six = `fd00:0:0:${i.toString(16)}::`
    return `  - [n${i}:east ${dotted(2 * i)}/31 ${six}1/64, n${i + 1}:west ${dotted(2 * i + 1)}/31 ${six}2/64]`
  })
  return lines('defaults: { node: { kind: router } }', 'nodes:', nodes, 'links:', links)
}

/** A star whose hosts have mounts and processes of their own, and a program each that does nothing. */
function hosts(size: number): string {
  const own = '{ isolate: [mount, pid], processes: { idle: { command: [sleep, infinity] } }, routes'
  return star(size).replaceAll(': { routes', `: ${own}`)
}

/** Hosts at one switch, whose address is their default route. */
export function star(size: number): string {
  const first = (64 << 16) + 2
  const nodes = numbers(size).map(i => `  n${i}: { routes: [{ to: default, via: 10.64.0.1 }] }`)
  const links = numbers(size).map(i => `  - [hub:eth${i}, n${i}:eth0 ${dotted(first + i)}/16]`)
  const hub = '  hub: { kind: switch, interfaces: { br0: { addresses: [10.64.0.1/16] } } }'
  return lines('nodes:', nodes, hub, 'links:', links)
}

/** Every leaf has a cable to every spine, and its share of the hosts; addresses and routes are left to be computed. */
export function leafSpine(size: number): string {
  const [spines, leaves] = size >= 1000 ? [8, 32] : size >= 100 ? [4, 8] : [2, 2]
  const fabric = [...numbers(spines).map(i => `spine${i}`), ...numbers(leaves).map(i => `leaf${i}`)]
  const hosts = numbers(size - fabric.length)
  return lines(
    ['addressing: { links: 10.128.0.0/9, loopbacks: 10.64.0.0/16 }', 'routing: shortest-path', 'nodes:'],
    fabric.map(name => `  ${name}: { kind: router }`),
    hosts.map(i => `  h${i}:`),
    'links:',
    numbers(leaves).flatMap(leaf =>
      numbers(spines).map(spine => `  - [leaf${leaf}:up${spine}, spine${spine}:down${leaf}]`),
    ),
    hosts.map(i => `  - [leaf${i % leaves}:h${i}, h${i}:eth0]`),
  )
}

/** The smallest lab that somebody would call one: two hosts and a router between them. */
function three(): string {
  return lines('nodes:', '  gw: { kind: router }', '  h1: { routes: [{ to: default, via: gw }] }', [
    '  h2: { routes: [{ to: default, via: gw }] }',
    'links:',
    '  - [gw:eth0 10.0.1.1/24 fd00:0:0:1::1/64, h1:eth0 10.0.1.2/24 fd00:0:0:1::2/64]',
    '  - [gw:eth1 10.0.2.1/24 fd00:0:0:2::1/64, h2:eth0 10.0.2.2/24 fd00:0:0:2::2/64]',
  ])
}

/** Routers joined at random into one connected graph without double links, the same at every run; all is computed. */
export function randomGraph(nodes: number, links: number): string {
  const random = generator(754)
  const pairs = new Set<string>()
  for (let i = 1; i < nodes; i++) pairs.add(`${random(i)} ${i}`)
  while (pairs.size < links) {
    const [a, b] = [random(nodes), random(nodes)]
    if (a !== b) pairs.add(`${Math.min(a, b)} ${Math.max(a, b)}`)
  }
  return lines(
    ['addressing: { links: 10.128.0.0/9, loopbacks: 10.64.0.0/16 }', 'routing: shortest-path'],
    ['defaults: { node: { kind: router } }', 'nodes:'],
    numbers(nodes).map(i => `  r${i}:`),
    'links:',
    [...pairs].map(pair => pair.split(' ')).map(([a, b]) => `  - [r${a}:to${b}, r${b}:to${a}]`),
  )
}

/** Whole numbers below a bound, by Numerical Recipes' linear congruence. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
