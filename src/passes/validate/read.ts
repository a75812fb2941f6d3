/** A value as text in; out with its scalars read as the schema wants, and what YAML has misread put right and reported. */
import { type Diagnostic, error } from '../../diagnostic.js'
import type { Schema } from '../../kinds/index.js'
import { keysOf, type Mapping, type Path, rememberKeys, type Value } from '../../model/document.js'
import { fragmentIn, propertiesOf, type Shapes, shapesOf } from './shapes.js'
import { similar } from './similar.js'

export interface Reading {
  /** Where the value stands; as the walk goes on it changes, and goes back. */
  readonly path: (string | number)[]
  /** Filled with what YAML turned into something else. */
  readonly surprises: Diagnostic[]
}

/**
 * The value read; what is in it and stays as it was is shared, not copied. Where it does not fit the schema it is left
 * as it is: the validator says so. What was surely meant otherwise (`[h1: eth0]`) is taken as it was meant, so that one
 * mistake is reported once.
 */
export function readAs(schema: Schema | undefined, value: Value, reading: Reading): Value {
  if (schema === undefined || value === null) return value
  if (typeof value === 'string') return readScalar(shapesOf(schema).scalars, value)
  if (typeof value !== 'object') return value
  const shapes = shapesOf(schema)
  return isList(value) ? readList(shapes, value, reading) : readMapping(shapes, value, reading)
}

function isList(value: readonly Value[] | Mapping): value is readonly Value[] {
  return Array.isArray(value)
}

function readBelow(shapes: Shapes, step: string | number, value: Value, reading: Reading): Value {
  reading.path.push(step)
  const read = readAs(fragmentIn(shapes, step), value, reading)
  reading.path.pop()
  return read
}

function readList(shapes: Shapes, value: readonly Value[], reading: Reading): Value {
  let copy: Value[] | undefined
  for (let index = 0; index < value.length; index++) {
    const read = readBelow(shapes, index, value[index]!, reading)
    if (read !== value[index]) copy ??= [...value]
    if (copy) copy[index] = read
  }
  return copy ?? value
}

function readMapping(shapes: Shapes, value: Mapping, reading: Reading): Value {
  const keys = keysOf(value)
  const meant = keys.length === 1 ? meantAsText(shapes, value, keys[0]!) : undefined
  if (meant !== undefined) {
    reading.surprises.push(textAsMapping(meant, keys[0]!, value[keys[0]!], reading.path))
    return meant
  }
  let changes: Map<string, readonly [key: string, value: Value]> | undefined
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const split = value[key] === null ? gluedKey(shapes, key) : undefined
    if (split) reading.surprises.push(glued(split, key, reading.path))
    const read = readBelow(shapes, split?.[0] ?? key, split?.[1] ?? value[key]!, reading)
    if (read !== value[key]) changes = (changes ?? new Map()).set(key, [split?.[0] ?? key, read])
  }
  return changes === undefined ? value : changed(value, changes)
}

function changed(value: Mapping, changes: ReadonlyMap<string, readonly [key: string, value: Value]>): Mapping {
  const result: Record<string, Value> = Object.create(null)
  const order = keysOf(value).map(key => {
    const [name, read] = changes.get(key) ?? [key, value[key]!]
    result[name] = read
    return name
  })
  rememberKeys(result, order)
  return result
}

/** `h1: eth0`, `gw:` or `fd00::` where a text may stand and no mapping has such a key. */
function meantAsText({ scalars, mapping }: Shapes, value: Mapping, key: string): string | undefined {
  const inner = value[key]
  if (!scalars.some(each => each.type === 'string') || (inner !== null && typeof inner !== 'string')) return undefined
  const taken = mapping && Object.keys(propertiesOf(mapping))
  if (taken?.includes(key) || (taken && similar(key, taken) !== undefined)) return undefined
  if (inner === null) return /:/.test(key) ? `${key}:` : key
  return /^[0-9a-f.:]+\/\d+$/i.test(inner!) ? `${key} ${inner}` : `${key}:${inner}`
}

function textAsMapping(meant: string, key: string, inner: Value | undefined, path: Path): Diagnostic {
  const written = inner === null ? `${key}:` : `${key}: ${inner}`
  const why = inner === null ? 'that ends a word' : 'with a blank behind it'
  const hint = meant.endsWith(':') ? `put it in quotes: "${meant}"` : `write \`${meant}\``
  const message = `YAML takes \`${written}\` for a mapping, because of the colon ${why}`
  return error('yaml-surprise', message, [...path], { hint })
}

/** `{to:default}`: a key of the schema, a colon and a value in one word. */
function gluedKey({ mapping }: Shapes, key: string): readonly [key: string, value: string] | undefined {
  const colon = key.indexOf(':')
  if (colon <= 0) return undefined
  const name = key.slice(0, colon)
  const fits = mapping !== undefined && Object.hasOwn(propertiesOf(mapping), name)
  return fits ? [name, key.slice(colon + 1)] : undefined
}

function glued([name, value]: readonly [string, string], key: string, path: Path): Diagnostic {
  const message = `\`${key}\` is one word to YAML, and so a key without a value`
  const hint = `a blank belongs behind the colon: \`${name}: ${value}\``
  return error('yaml-surprise', message, { path: [...path, key], key: true }, { hint })
}

function readScalar(scalars: readonly Schema[], text: string): Value {
  for (let i = 0; i < scalars.length; i++) {
    const { type } = scalars[i]!
    if (type === 'string') return text
    const read = type === 'boolean' ? truth(text) : type === 'integer' ? number(text) : undefined
    if (read !== undefined) return read
  }
  return text
}

/** As YAML 1.2's core schema resolves them (section 10.3.2). */
function truth(text: string): boolean | undefined {
  if (/^(true|True|TRUE)$/.test(text)) return true
  return /^(false|False|FALSE)$/.test(text) ? false : undefined
}

/** Decimal numbers that begin with a zero are left: the one who wrote them may have meant octal ones. */
function number(text: string): number | undefined {
  const decimal = /^[-+]?(0|[1-9]\d*)(\.\d*)?([eE][-+]?\d+)?$/
  return decimal.test(text) || /^0x[0-9a-fA-F]+$/.test(text) || /^0o[0-7]+$/.test(text) ? Number(text) : undefined
}
