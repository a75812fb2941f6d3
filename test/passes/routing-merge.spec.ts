/** Merged tables held against what a plain search through all tables of a small space of addresses finds. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { contains, formatPrefix, type Prefix } from '../../src/model/ip.js'
import { createMerger, none, prefixOf, taken } from '../../src/passes/routing/merge.js'
import { buildTrie } from '../../src/passes/routing/trie.js'

/** The space: 32 addresses, 0.0.0.0/27, in a binary tree of prefixes /27 to /32. */
const depth = 5
const prefixAt = (level: number, place: number): Prefix => ({
  family: 4,
  bits: BigInt(place << (depth - level)),
  length: 27 + level,
})

/** What stands at a prefix: a label of next hops, or `taken`. */
interface Table {
  readonly entries: readonly { readonly prefix: Prefix; readonly label: number }[]
  readonly fill: boolean
}

const tables: fc.Arbitrary<Table> = fc.record({
  entries: fc
    .uniqueArray(fc.record({ level: fc.nat(depth), place: fc.nat(31), label: fc.constantFrom(0, 1, 2, 3, taken) }), {
      selector: ({ level, place }) => `${level} ${place >> (depth - level)}`,
      maxLength: 20,
    })
    .map(all => all.map(({ level, place, label }) => ({ prefix: prefixAt(level, place >> (depth - level)), label }))),
  fill: fc.boolean(),
})

function merged({ entries, fill }: Table): Table['entries'] {
  const trie = buildTrie(
    4,
    entries.map(({ prefix }) => prefix),
  )
  const labels = new Int32Array(trie.prefixes.length).fill(none)
  for (const [i, { label }] of entries.entries()) labels[trie.numbers[i]!] = label
  const routes = createMerger(trie)({ labels, count: 4, fill })
  return routes.map(route => ({ prefix: prefixOf(trie, route), label: route.label }))
}

/** By longest match: what an address finds. */
function decide(entries: readonly { readonly prefix: Prefix; readonly label: number }[], address: Prefix): number {
  let found = none
  let most = -1
  for (const { prefix, label } of entries)
    if (prefix.length > most && contains(prefix, address)) [found, most] = [label, prefix.length]
  return found
}

/** How few routes can forward as the table does: tries every label, and none, at every prefix. */
function fewest({ entries, fill }: Table): number {
  const fixed = new Set(entries.filter(({ label }) => label === taken).map(({ prefix }) => formatPrefix(prefix)))
  const known = new Map<string, number>()
  const best = (level: number, place: number, above: number): number => {
    const key = `${level} ${place} ${above}`
    const found = known.get(key) ?? search(level, place, above)
    known.set(key, found)
    return found
  }
  const below = (level: number, place: number, inherited: number): number => {
    if (level < depth) return best(level + 1, 2 * place, inherited) + best(level + 1, 2 * place + 1, inherited)
    const wanted = decide(entries, prefixAt(level, place))
    return wanted === inherited || (fill && wanted === none && inherited >= 0) ? 0 : Number.POSITIVE_INFINITY
  }
  const search = (level: number, place: number, above: number): number => {
    if (fixed.has(formatPrefix(prefixAt(level, place)))) return below(level, place, taken)
    return Math.min(below(level, place, above), ...[0, 1, 2, 3].map(label => 1 + below(level, place, label)))
  }
  return best(0, 0, none)
}

describe('merging of routes', () => {
  const runs = { numRuns: 2000, seed: 1 }

  it('forwards every address as before, and leaves the node its own prefixes', () => {
    fc.assert(
      fc.property(tables, table => {
        const routes = merged(table)
        const own = table.entries.filter(({ label }) => label === taken)
        const names = [...routes, ...own].map(({ prefix }) => formatPrefix(prefix))
        assert.equal(new Set(names).size, names.length, 'a prefix stands twice')
        for (let place = 0; place < 2 ** depth; place++) {
          const address = prefixAt(depth, place)
          const wanted = decide(table.entries, address)
          if (wanted !== none || !table.fill) assert.equal(decide([...routes, ...own], address), wanted)
        }
      }),
      runs,
    )
  })

  it('needs as few routes as any table that does so', () => {
    fc.assert(
      fc.property(tables, table => assert.equal(merged(table).length, fewest(table))),
      runs,
    )
  })
})
