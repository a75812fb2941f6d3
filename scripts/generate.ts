/** The schema of topologies in; out go its compiled validator (src/generated/) and the schema for editors (schemas/). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { topologySchema } from '../src/kinds/schema.js'

interface Schema {
  readonly [keyword: string]: unknown
}

const root = new URL('../', import.meta.url)

/** Whether a branch of `anyOf` takes lists, mappings or null; everything else is a scalar's. */
const shapes = ['null', 'array', 'object'] as const

/**
 * The same schema with every `anyOf` decided by the shape of the data, so that a mistake is reported of the branch
 * that was meant and of no other. Descriptions say nothing to a validator.
 */
function decided(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(decided)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(([key]) => key !== 'description' && key !== 'anyOf')
  const own = Object.fromEntries(entries.map(([key, value]) => [key, key === 'enum' ? value : decided(value)]))
  const { anyOf } = schema as Schema
  return Array.isArray(anyOf) ? { ...own, ...branches(anyOf) } : own
}

function branches(anyOf: readonly Schema[]): Schema {
  const flat = anyOf.flatMap(each => (Array.isArray(each.anyOf) ? (each.anyOf as readonly Schema[]) : [each]))
  const scalars = flat.filter(each => !shapes.some(shape => each.type === shape))
  const last = scalars.length === 1 ? decided(scalars[0]) : { anyOf: scalars.map(decided) }
  const shaped = flat.filter(each => !scalars.includes(each))
  const otherwise = scalars.length > 0 ? last : decided(shaped.at(-1))
  return shaped.reduce((rest, each) => choice(each, rest), otherwise as Schema)
}

function choice(branch: Schema, rest: Schema): Schema {
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
  return { if: { type: branch.type }, then: decided(branch), else: rest }
}

/** What stands in several places is written once, in `definitions`: both files would be ten times as large. */
function shared(schema: Schema): Schema {
  const seen = new Map<string, number>()
  const definitions: Record<string, unknown> = {}
  const names = new Map<string, string>()
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (isSchema(value)) seen.set(JSON.stringify(value), (seen.get(JSON.stringify(value)) ?? 0) + 1)
    for (const each of Object.values(value)) count(each)
  }
  const replace = (value: unknown, name: string): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const json = JSON.stringify(value)
    if (json.length < 120 || !isSchema(value) || seen.get(json)! < 2) return inside(value, name)
    const known = names.get(json) ?? freeName(name, definitions)
    if (!names.has(json)) {
      names.set(json, known)
      definitions[known] = null
      definitions[known] = inside(value, name)
    }
    return { $ref: `#/definitions/${known}` }
  }
  const inside = (value: object, name: string): unknown => {
    if (Array.isArray(value)) return value.map(each => replace(each, name))
    const keywords = isSchema(value) || /^(if|then|else|anyOf)$/.test(name)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, keywords ? name : key)]))
  }
  count(schema)
  const result = inside(schema, 'topology') as Schema
  return { ...result, definitions }
}

/** Not a map of properties, whose keys may be called like keywords. */
function isSchema(value: object): boolean {
  const { type, anyOf, if: condition } = value as Schema
  return typeof type === 'string' || Array.isArray(anyOf) || (condition !== undefined && 'then' in value)
}

function freeName(name: string, taken: object): string {
  const plain = name.replace(/[^A-Za-z]/g, '')
  let free = plain
  for (let i = 2; free in taken; i++) free = `${plain}${i}`
  return free
}

/** An ES module without imports. */
function validator(): string {
  const code = { source: true, esm: true } as const
  const ajv = new Ajv({ allErrors: true, strict: true, messages: false, inlineRefs: false, code })
  const text = standalone.default(ajv, ajv.compile(shared(decided(topologySchema) as Schema)))
  if (text.includes('require(')) throw new Error('the validator wants a package at run time')
  return text
}

const declaration = `import type { ErrorObject } from 'ajv'
declare const validate: { (data: unknown): boolean; errors?: readonly ErrorObject[] | null }
export default validate
`

function write(path: string, text: string): void {
  const url = new URL(path, root)
  mkdirSync(new URL('.', url), { recursive: true })
  writeFileSync(url, text)
}

write('src/generated/validate-topology.js', validator())
write('src/generated/validate-topology.d.ts', declaration)
write('schemas/topology.schema.json', `${JSON.stringify(shared(topologySchema), null, 2)}\n`)
