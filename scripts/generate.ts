/** The schema of topologies in; out go its compiled validator (src/generated/) and the schema for editors (schemas/). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { topologySchema } from '../src/kinds/schema.js'

interface Schema {
  readonly [keyword: string]: unknown
}

const root = new URL('../', import.meta.url)

/**
 * The same schema without `anyOf`, so that a mistake is reported of the branch that was meant and of no other.
 * Descriptions say nothing to a validator.
 */
function decided(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(decided)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(([key]) => key !== 'description' && key !== 'anyOf')
  const own = Object.fromEntries(entries.map(([key, value]) => [key, key === 'enum' ? value : decided(value)]))
  const { anyOf } = schema as Schema
  return Array.isArray(anyOf) ? { ...own, ...joined(branchesOf(anyOf)) } : own
}

/** Nested choices as one. */
function branchesOf(anyOf: readonly Schema[]): readonly Schema[] {
  return anyOf.flatMap(each => (Array.isArray(each.anyOf) ? branchesOf(each.anyOf) : [decided(each) as Schema]))
}

/**
 * Branches of different types as one schema of all their types: every keyword looks at one type only (`items` at lists,
 * `pattern` at texts), and so each goes on meaning what it did.
 */
function joined(branches: readonly Schema[]): Schema {
  const typed = branches.map(each => (Array.isArray(each.enum) ? asPattern(each.enum) : each))
  const types = typed.map(each => each.type)
  if (new Set(types).size < types.length || types.includes(undefined))
    throw new Error(`a choice between schemas of the same type: ${JSON.stringify(branches)}`)
  return { ...Object.assign({}, ...typed), type: types }
}

function asPattern(words: readonly string[]): Schema {
  if (!words.every(word => /^[\w-]+$/.test(word))) throw new Error(`an enum of other than words: ${words.join()}`)
  return { type: 'string', pattern: `^(${words.join('|')})$` }
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
    const keywords = isSchema(value) || name === 'anyOf'
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, keywords ? name : key)]))
  }
  count(schema)
  const result = inside(schema, 'topology') as Schema
  return { ...result, definitions }
}

/** Not a map of properties, whose keys may be called like keywords. */
function isSchema(value: object): boolean {
  const { type, anyOf } = value as Schema
  return typeof type === 'string' || Array.isArray(type) || Array.isArray(anyOf)
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
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    messages: false,
    inlineRefs: false,
    code,
  })
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
