/** The compiled validator, whose schema was rewritten, takes the same values as the schema that editors use. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import compiled from '../../src/generated/validate-topology.js'
import { topologySchema } from '../../src/kinds/index.js'
import type { Value } from '../../src/model/document.js'
import { parse } from '../../src/passes/parse.js'
import { readAs } from '../../src/passes/validate/read.js'

const plain = new Ajv({ strict: false }).compile(topologySchema)

const folder = new URL('../../topologies/', import.meta.url)
const topologies = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .map(name => readFileSync(new URL(name, folder), 'utf8'))
  .map(text => parse({ text, label: 'x', variables: {}, environment: {} }).document.value)
  .map(value => JSON.parse(JSON.stringify(readAs(topologySchema, value, { path: [], surprises: [] }))) as Value)

/** Every place of a value that holds something, as a holder and a key. */
function slots(value: Value): readonly (readonly [holder: Record<string, Value>, key: string])[] {
  if (value === null || typeof value !== 'object') return []
  const holder = value as Record<string, Value>
  return Object.keys(holder).flatMap(key => [[holder, key] as const, ...slots(holder[key]!)])
}

const odd = fc.constantFrom<Value>(
  null,
  true,
  5,
  5.5,
  -1,
  70_000,
  'host',
  'main',
  '1-2',
  '15s',
  'x',
  [],
  ['a'],
  [5],
  {},
)
const key = fc.constantFrom(
  'kind',
  'mtu',
  'table',
  'sport',
  'ageing',
  'via',
  'type',
  'endpoints',
  'node',
  'x-y',
  'nope',
)

describe('the validator', () => {
  it('takes every topology that we ship', () => {
    for (const topology of topologies) assert.ok(compiled(topology))
  })

  it('takes and refuses what the schema takes and refuses', () => {
    const edit = fc.record({
      at: fc.nat(),
      key,
      value: fc.oneof(odd, fc.dictionary(key, odd, { maxKeys: 2 })),
      into: fc.boolean(),
    })
    const results = new Set<boolean>()
    const agree = fc.property(fc.constantFrom(...topologies), edit, (topology, { at, key: name, value, into }) => {
      const copy = structuredClone(topology)
      const all = slots(copy)
      const [holder, own] = all[at % all.length]!
      holder[into && !Array.isArray(holder) ? name : own] = value
      results.add(compiled(copy))
      assert.equal(compiled(copy), plain(copy), JSON.stringify(copy))
    })
    fc.assert(agree, { numRuns: 5000 })
    assert.equal(results.size, 2)
  })
})
