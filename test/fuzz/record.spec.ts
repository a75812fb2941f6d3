/** Whatever stands in a lab's record, it is read whole or refused in plain words. */
import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { readRecordText } from '../../src/kernel/record-text.js'
import { compile } from '../../src/pipeline/compile.js'
import { sourceOf } from '../../src/pipeline/record.js'
import { recordOf, recordText } from './records.js'
import { fuzz, prototypeIsUntouched } from './runner.js'

const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const
const count = { type: 'integer', minimum: 0 } as const
const flag = { type: 'boolean' } as const
const names = '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$'
const byNode = (values: object) => ({
  type: 'object',
  propertyNames: { pattern: names },
  additionalProperties: values,
})

const u32 = { ...count, maximum: 2 ** 32 - 1 }
const family = { enum: [4, 6] }
const pair = { type: 'array', minItems: 2, maxItems: 2, items: { type: 'integer' } }
const node = { type: 'string', pattern: names }

const applied = {
  source: {
    type: 'object',
    required: ['text', 'label', 'variables', 'assigned'],
    properties: {
      ...{ text, path: text, label: text },
      variables: { type: 'object', additionalProperties: text },
      assigned: { type: 'object', additionalProperties: texts },
    },
  },
  blending: byNode(texts),
}

const lasting = {
  ...applied,
  boot: text,
  state: { enum: ['building', 'up', 'kept', 'leaving'] },
  links: { ...count, maximum: 2 ** 53 - 1 },
  created: { type: 'number', minimum: 0, maximum: 8.64e15 },
  owner: u32,
  by: text,
}
const always = ['boot', 'state', 'source', 'links', 'created', 'owner', 'by']

const hop = {
  type: 'object',
  required: ['weight', 'onlink'],
  properties: { via: text, dev: text, weight: u32, onlink: flag },
}

/** What is said of a resource of a type: what must be there, and what may. */
const resource = (type: string, must: object, may: object = {}) => ({
  type: 'object',
  required: ['type', 'node', ...Object.keys(must)],
  properties: { type: { const: type }, node, ...must, ...may },
})

const foreign = {
  oneOf: [
    resource('address', { family, dev: text, address: text, prefixLength: { ...count, maximum: 128 }, dad: flag }),
    resource('neighbor', { family, dev: text, to: text, mac: text, protocol: u32 }),
    resource(
      'route',
      {
        ...{ family, to: text, action: text, table: u32, metric: u32, protocol: u32 },
        nextHops: { type: 'array', items: hop },
      },
      { src: text, mtu: u32 },
    ),
    resource(
      'rule',
      { family, priority: u32, not: flag, action: text, protocol: u32 },
      {
        ...{ table: u32, tos: u32, from: text, to: text, iif: text, oif: text },
        ...{ fwmark: u32, fwmask: u32, ipproto: u32, sport: pair, dport: pair, uidrange: pair },
      },
    ),
    resource('link', { name: text }),
    resource('sysctl', { name: text, value: text }),
    resource('namespace', {}),
  ],
}

/** A second opinion on what a record is. */
const isRecord = new Ajv({ strict: true, strictRequired: false, strictTypes: false, ownProperties: true }).compile({
  type: 'object',
  required: ['version', 'lab', ...always],
  properties: {
    ...{ version: { const: 1 }, lab: { const: 'x' }, ...lasting },
    change: {
      type: 'object',
      required: ['tried', 'foreign'],
      properties: {
        before: { type: 'object', required: always, properties: lasting },
        tried: { type: 'array', items: { type: 'object', required: ['source'], properties: applied } },
        foreign: { type: 'array', items: foreign },
      },
    },
  },
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an earlier run applied is compiled again whenever a lab is changed. */
function readsOn(found: ReturnType<typeof readRecordText>): void {
  if ('damage' in found) {
    assert.match(found.damage, /^(is|has) [^\p{C}]{2,150}$/u)
    return
  }
  new Date(found.record.created).toISOString()
  compile(sourceOf(found.record, found.record.lab))
}

describe('a record of any text', () => {
  it('is what it should be, or is refused in one line', () => {
    let whole = 0
    fuzz({
      what: 'records of labs',
      share: 20_000,
      make: random => recordText('x', random),
      check(text) {
        const found = readRecordText(text, 'x')
        if ('record' in found) whole++
        assert.equal('record' in found, isRecord(parsed(text)), JSON.stringify(found))
        readsOn(found)
        assert.ok(prototypeIsUntouched())
      },
    })
    assert.ok(whole > 0 || process.env.FUZZ === '1')
  })

  for (const [text, damage] of [
    ['', 'is empty'],
    ['\0\0\0\0', 'is no JSON'],
    [JSON.stringify(recordOf('x')).slice(0, 300), 'is cut off'],
    ['{"version":1,}\n', 'is no JSON'],
    ['[]\n', 'is no record'],
    ['{}\n', 'has no version'],
    [`${JSON.stringify({ ...recordOf('x'), version: 7 })}\n`, 'is of another version (7)'],
    [JSON.stringify(recordOf('y')), 'is of another lab (y)'],
    [JSON.stringify({ ...recordOf('x'), state: 'asleep' }), 'has no known state (asleep)'],
    [JSON.stringify({ ...recordOf('x'), source: { label: 'x' } }), 'has no text in source.text'],
    ['{"version":1,"lab":"\\u001b[2J"}\n', 'is of another lab (�[2J)'],
    [`${'{"a":'.repeat(200_000)}`, 'is cut off'],
  ] as const)
    it(`of ${JSON.stringify(text.slice(0, 20))} ${damage}`, () =>
      assert.deepEqual(readRecordText(text, 'x'), { damage }))
})
