/** How many routes a network of a backbone's size needs, before prefixes are merged and after. */
import assert from 'node:assert/strict'
import { formatPrefix, networkOf } from '../../src/model/ip.js'
import type { Family, Network } from '../../src/model/network.js'
import { compile } from '../../src/pipeline/compile.js'
import { prefixesOf } from './routing-oracle.js'

/** Numbers without a seed of chance (Park and Miller, 1988), so that the counts are the same at every run. */
function dice(): (below: number) => number {
  let state = 1
  return below => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

/** Routers that each hang on one before them, not far away, and further links between neighbours: 754 and 899 as KDL has. */
function backbone(routers: number, links: number): string {
  const roll = dice()
  const pairs = new Set<string>()
  for (let i = 1; i < routers; i++) pairs.add(`[n${i}, n${Math.max(0, i - 1 - roll(4))}]`)
  while (pairs.size < links) {
    const from = roll(routers - 12)
    pairs.add(`[n${from + 6 + roll(6)}, n${from}]`)
  }
  return [
    'routing: shortest-path',
    'addressing: { links: 10.128.0.0/9, loopbacks: 10.0.0.0/16 }',
    'defaults: { node: { kind: router } }',
    `nodes: { ${Array.from({ length: routers }, (_, i) => `n${i}`).join(', ')} }`,
    `links: [${[...pairs].join(', ')}]`,
  ].join('\n')
}

/** A route of each router to each prefix that it does not have itself. */
function unmerged({ nodes }: Network, family: Family): number {
  const own = nodes.map(({ interfaces }) =>
    interfaces.flatMap(one => prefixesOf(one, family).map(prefix => formatPrefix(networkOf(prefix)))),
  )
  const all = new Set(own.flat())
  return own.reduce((sum, prefixes) => sum + all.size - new Set(prefixes).size, 0)
}

const merged = ({ nodes }: Network, family: Family): number =>
  nodes.reduce((sum, { routes }) => sum + routes.filter(route => route.family === family).length, 0)

describe('routes of a backbone', () => {
  it('are few: what lies behind a next hop has addresses beside each other', () => {
    const source = { text: backbone(754, 899), label: 'backbone', variables: {}, environment: {} }
    const { value } = compile(source)
    const counts = ([4, 6] as const).map(family => ({
      before: unmerged(value!.network, family),
      after: merged(value!.network, family),
    }))
    const each = { before: 1_243_810, after: 25_021 }
    assert.deepEqual(counts, [each, each])
  })
})
