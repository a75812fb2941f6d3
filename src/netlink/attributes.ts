/** One table, both directions: the layout of attributes is data, and writing and reading come from the same line. */
import type { Batch } from './batch.js'
import type { Codec } from './codecs.js'

export * from './codecs.js'

const nestedFlag = 0x8000
const typeMask = 0x3fff
/** struct nlattr: length and type */
const attributeHeader = 4

/** Codecs of whatever values; `Values` gives each its own type back. */
type Layout = Readonly<Record<string, readonly [type: number, codec: Codec<unknown>]>>

/** The values that a layout holds, by name. */
export type Values<L extends Layout> = {
  -readonly [K in keyof L]?: (L[K][1] extends Codec<infer T> ? T : never) | undefined
}

/** Attributes one after the other (netlink(7), struct nlattr). As a codec, it is a nest of them. */
export interface AttributeTable<L extends Layout = Layout> extends Codec<Values<L>> {
  readonly layout: L
  read(bytes: Buffer, start: number, end: number): Values<L>
}

/** A table from attribute names to their number and codec. Values of `undefined` are left out. */
export function attributes<const L extends Layout>(layout: L): AttributeTable<L> {
  const writers = new Map<string, readonly [number, Codec<unknown>]>()
  const readers: Reader[] = []
  for (const [name, [type, codec]] of Object.entries(layout)) {
    writers.set(name, ['layout' in codec ? type | nestedFlag : type, codec])
    readers[type] = [name, codec, attributeHeader + codec.least]
  }
  return {
    layout,
    least: 0,
    write(batch, values) {
      const start = batch.length
      for (const name in values) {
        const value = values[name]
        const entry = writers.get(name)
        if (value !== undefined && entry) writeAttribute(batch, entry, value)
      }
      return batch.length - start
    },
    read: (bytes, start, end) => readAttributes(readers, bytes, [start, end]) as Values<L>,
  }
}

function writeAttribute(batch: Batch, [type, codec]: readonly [number, Codec<unknown>], value: unknown): void {
  const at = batch.reserve(attributeHeader)
  const length = attributeHeader + codec.write(batch, value)
  batch.halves[at >> 1] = length
  batch.halves[(at >> 1) + 1] = type
}

/** An attribute's name here, its codec, and how long it must be at least. */
type Reader = readonly [name: string, codec: Codec<unknown>, least: number]

/** What is longer than what it stands in ends the row; what is too short for its codec is left out. */
function readAttributes(readers: readonly Reader[], bytes: Buffer, [start, end]: [number, number]): object {
  const values: Record<string, unknown> = {}
  for (let at = start; at + 4 <= end; ) {
    const length = bytes[at]! | (bytes[at + 1]! << 8)
    if (length < 4 || at + length > end) break
    const entry = readers[(bytes[at + 2]! | (bytes[at + 3]! << 8)) & typeMask]
    if (entry && length >= entry[2]) values[entry[0]] = entry[1].read(bytes, at + 4, at + length)
    at += (length + 3) & ~3
  }
  return values
}

/** A fixed header with attributes behind it, as a codec: a message's body, or an attribute's payload (VETH_INFO_PEER). */
export function withHeader<H, L extends Layout>(
  header: Codec<H> & { readonly size: number },
  table: AttributeTable<L>,
) {
  return {
    layout: table.layout,
    least: header.size,
    write(batch: Batch, value: H & { attributes: Values<L> }): number {
      return header.write(batch, value) + table.write(batch, value.attributes)
    },
    /** What is shorter than its header says nothing at all. */
    read(bytes: Buffer, start: number, end: number): H & { attributes: Values<L> } {
      const fits = end - start >= header.size
      const attributes = table.read(bytes, start + header.size, end)
      const values = fits ? (header.read(bytes, start, end) as object) : {}
      return Object.assign(values, { attributes }) as H & { attributes: Values<L> }
    },
  }
}
