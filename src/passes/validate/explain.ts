/** The validator's errors in, diagnostics in the user's words out: one for each mistake. */
import type { ErrorObject } from 'ajv'
import { type Diagnostic, error } from '../../diagnostic.js'
import { type Schema, topologySchema } from '../../kinds/index.js'
import type { Mapping, Path, Value } from '../../model/document.js'
import { fragmentBelow, propertiesOf, shapesOf } from './shapes.js'
import { similar } from './similar.js'
import { unfitting } from './unfitting.js'

export function explain(errors: readonly ErrorObject[], value: Value): readonly Diagnostic[] {
  const seen = new Set<string>()
  return errors.flatMap(each => {
    const id = `${each.instancePath} ${keyOf(each) ?? ''}`
    if (each.keyword === 'if' || seen.has(id) || isMisspelt(each, errors)) return []
    seen.add(id)
    return [explainOne(each, value)]
  })
}

/** A missing key whose misspelling is there is no second mistake. */
function isMisspelt(missing: ErrorObject, errors: readonly ErrorObject[]): boolean {
  const key = keyOf(missing)
  if (missing.keyword !== 'required' || key === undefined) return false
  return errors.some(each => {
    const unknown = each.keyword === 'additionalProperties' && each.instancePath === missing.instancePath
    return unknown && similar(keyOf(each)!, [key]) !== undefined
  })
}

/** The key that is one too many, or that is missing. */
function keyOf({ params }: ErrorObject): string | undefined {
  const { additionalProperty, missingProperty } = params as Readonly<Record<string, string | undefined>>
  return additionalProperty ?? missingProperty
}

function explainOne(problem: ErrorObject, value: Value): Diagnostic {
  const { path, data, schema } = locate(problem.instancePath, value)
  const key = keyOf(problem)
  if (key === undefined) return unfitting({ path, data, schema })
  if (problem.keyword === 'required') return missing(key, path)
  return unknown(key, path, schema)
}

/** Follows a JSON pointer (RFC 6901) through the value and the schema at once. */
function locate(pointer: string, value: Value): { path: Path; data: Value; schema: Schema } {
  let data: Value = value
  let schema: Schema = topologySchema
  const path: (string | number)[] = []
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const step = Array.isArray(data) ? Number(name) : name
    path.push(step)
    schema = fragmentBelow(schema, step) ?? {}
    data = (data as Mapping)[name] ?? null
  }
  return { path, data, schema }
}

function missing(key: string, path: Path): Diagnostic {
  return error('missing-key', `\`${key}\` is missing${inWords(path)}`, path)
}

function unknown(key: string, path: Path, schema: Schema): Diagnostic {
  const { mapping } = shapesOf(schema)
  const allowed = mapping ? Object.keys(propertiesOf(mapping)) : []
  const meant = similar(key, allowed)
  const list = allowed.filter(each => each !== '$schema').join(', ')
  const hint = meant
    ? `did you mean \`${meant}\`?`
    : `there are ${list}${path.length === 0 ? ', and x-… for your own' : ''}`
  return error(
    'unknown-key',
    `there is no key \`${key}\`${inWords(path)}`,
    { path: [...path, key], key: true },
    { hint },
  )
}

/** Where a key belongs, as far as it helps: ` in nodes.h1`. */
function inWords(path: Path): string {
  if (path.length === 0) return ' at the top of the file'
  const text = path.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return ` in ${text.slice(1)}`
}
