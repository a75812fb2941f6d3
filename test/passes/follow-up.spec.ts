/**
 * One mistake of structure, anywhere in a good topology (the shipped ones, those of the cases with plans, and one of many
 * parts, follow-up.yaml): it is told, and nothing that follows from it.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import type { Path, Value } from '../../src/model/document.js'
import { parse } from '../../src/passes/parse.js'
import { validate } from '../../src/passes/validate.js'
import { compile } from '../../src/pipeline.js'

const root = new URL('../../', import.meta.url)
const shipped = readdirSync(new URL('topologies/', root)).filter(name => name.endsWith('.yaml'))
const cases = readdirSync(new URL('test/cases/', root)).filter(name => name.startsWith('plan-'))
const files = [
  'test/passes/follow-up.yaml',
  ...shipped.map(name => `topologies/${name}`),
  ...cases.map(name => `test/cases/${name}/lab.yaml`),
]

type Mistake = readonly [what: string, path: Path, value: Value]

const sourceOf = (text: string) => ({
  text,
  label: 'lab.yaml',
  path: '/labs/lab.yaml',
  name: 'lab',
  variables: {},
  environment: {},
})

/** The value with every key once misspelt, and every text and list once of another type. */
function* mistakes(value: Value, path: Path = []): Generator<Mistake> {
  if (value === null || typeof value !== 'object') {
    yield ['another type', path, []]
    return
  }
  const entries: readonly (readonly [string | number, Value])[] = Array.isArray(value)
    ? value.map((each: Value, i) => [i, each] as const)
    : Object.entries(value)
  if (path.length > 0) yield ['another type', path, Array.isArray(value) ? 'a word' : [[[]]]]
  for (const [key, inner] of entries) yield* mistakes(inner, [...path, key])
  for (const [key] of entries) if (typeof key === 'string') yield ['misspelt', [...path, key], null]
}

function mistaken(value: Value, [what, path, other]: Mistake): Value {
  const [step, ...rest] = path
  if (step === undefined) return other
  const below = (inner: Value) => mistaken(inner, [what, rest, other])
  if (Array.isArray(value)) return value.map((inner: Value, i) => (i === step ? below(inner) : inner))
  const entries = Object.entries(value as object).map(([key, inner]: [string, Value]) => {
    if (key !== step) return [key, inner]
    return rest.length > 0 || what !== 'misspelt' ? [key, below(inner)] : [`${key}Q`, inner]
  })
  return Object.fromEntries(entries)
}

describe('one mistake of structure', () => {
  for (const file of files)
    it(`in ${file} is all that is told`, () => {
      const { value } = parse(sourceOf(readFileSync(new URL(file, root), 'utf8'))).document
      for (const mistake of mistakes(value)) {
        const text = JSON.stringify(mistaken(value, mistake))
        const { document, dropped, diagnostics } = parse(sourceOf(text))
        const structural = [...diagnostics, ...validate(document, dropped).diagnostics]
        if (structural.length === 0) continue
        const result = compile(sourceOf(text))
        const further = result.diagnostics.filter(({ message }) => !structural.some(each => each.message === message))
        assert.deepEqual(further, [], `${mistake[0]}: ${mistake[1].join('.')}`)
        if (structural.some(({ severity }) => severity === 'error')) assert.equal(result.value, undefined)
      }
    })
})
