/** A schema in; out what it takes, by the shape of the data. */
import type { Schema } from '../../kinds/index.js'

export interface Shapes {
  /** Fragments for texts, numbers and truth values. */
  readonly scalars: readonly Schema[]
  readonly list?: Schema
  readonly mapping?: Schema
  readonly empty: boolean
}

const known = new WeakMap<Schema, Shapes>()

export function shapesOf(schema: Schema): Shapes {
  const found = known.get(schema)
  if (found !== undefined) return found
  const sorted = sort(branches(schema))
  known.set(schema, sorted)
  return sorted
}

/** Nested choices as one. */
function branches(schema: Schema): readonly Schema[] {
  return isList(schema.anyOf) ? schema.anyOf.flatMap(branches) : [schema]
}

function sort(all: readonly Schema[]): Shapes {
  const list = all.find(each => each.type === 'array')
  const mapping = all.find(each => each.type === 'object')
  const scalars = all.filter(each => isList(each.enum) || ['string', 'integer', 'boolean'].includes(`${each.type}`))
  return { scalars, empty: all.some(each => each.type === 'null'), ...(list && { list }), ...(mapping && { mapping }) }
}

function isList(value: unknown): value is readonly Schema[] {
  return Array.isArray(value)
}

/** The properties of a mapping's fragment, by key. */
export function propertiesOf(mapping: Schema): Readonly<Record<string, Schema>> {
  return isFragments(mapping.properties) ? mapping.properties : {}
}

function isFragments(value: unknown): value is Readonly<Record<string, Schema>> {
  return typeof value === 'object' && value !== null
}

/** The fragment that the value below a key, or an item of a list, has to meet; none where anything may stand. */
export function fragmentBelow(schema: Schema, step: string | number): Schema | undefined {
  return fragmentIn(shapesOf(schema), step)
}

/** The same of a fragment whose shapes are known. */
export function fragmentIn({ list, mapping }: Shapes, step: string | number): Schema | undefined {
  if (typeof step === 'number') return list && asFragment(list.items)
  if (!mapping) return undefined
  const properties = propertiesOf(mapping)
  return Object.hasOwn(properties, step) ? properties[step] : asFragment(mapping.additionalProperties)
}

function asFragment(value: unknown): Schema | undefined {
  return isFragments(value) ? value : undefined
}
