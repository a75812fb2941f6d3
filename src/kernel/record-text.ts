/** The text of `lab.json` in; the record out, or in plain words what is wrong with it. */
import type { Applied, LabRecord, UnfinishedChange } from '../model/plan.js'
import { being, each, fields, isMapping, list, oneOf, optional, type Shape, shown, whole } from './shapes.js'

/** What was read; `damage` goes on where `the record` leaves off: `is cut off`. */
export type ReadRecord = { readonly record: LabRecord } | { readonly damage: string }

/** A later date is none to JavaScript. */
const latest = 8.64e15
const mostLinks = Number.MAX_SAFE_INTEGER
const mostUser = 2 ** 32 - 1

const nodeName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/
const anyName = /^/

const text = being('text', value => typeof value === 'string')
const flag = being('true or false', value => typeof value === 'boolean')
const texts = list(text)
const u32 = whole(0, 2 ** 32 - 1)
const family = being('family', value => value === 4 || value === 6)

/** What a source and its blending say; see Applied. */
const applied = {
  source: fields({
    text,
    path: optional(text),
    label: text,
    variables: each(anyName, text),
    assigned: each(anyName, texts),
    files: optional(each(anyName, text)),
  }),
  blending: optional(each(nodeName, texts)),
} satisfies Readonly<Record<keyof Applied, Shape>>

const whoseNode = being('node', value => typeof value === 'string' && nodeName.test(value))
const common = { node: whoseNode, family }
const pair = being('range', value => Array.isArray(value) && value.length === 2 && value.every(Number.isInteger))

/** Of what others put into a lab: as far as it is put back. */
const foreign: Readonly<Record<string, Shape>> = {
  address: fields({ ...common, dev: text, address: text, prefixLength: whole(0, 128), dad: flag }),
  neighbor: fields({ ...common, dev: text, to: text, mac: text, protocol: u32 }),
  route: fields({
    ...{ ...common, to: text, action: text, table: u32, metric: u32, protocol: u32 },
    ...{ src: optional(text), mtu: optional(u32) },
    nextHops: list(fields({ via: optional(text), dev: optional(text), weight: u32, onlink: flag })),
  }),
  rule: fields({
    ...{ ...common, priority: u32, not: flag, action: text, protocol: u32, table: optional(u32), tos: optional(u32) },
    ...{ from: optional(text), to: optional(text), iif: optional(text), oif: optional(text) },
    ...{ fwmark: optional(u32), fwmask: optional(u32), ipproto: optional(u32) },
    ...{ sport: optional(pair), dport: optional(pair), uidrange: optional(pair) },
  }),
  link: fields({ node: whoseNode, name: text }),
  sysctl: fields({ node: whoseNode, name: text, value: text }),
  namespace: fields({ node: whoseNode }),
}

function resource(value: unknown, at: string): string | undefined {
  const type = isMapping(value) && typeof value.type === 'string' ? value.type : ''
  return Object.hasOwn(foreign, type) ? foreign[type]!(value, at) : `has no resource in ${at}`
}

/** LabRecord but for what it begins with, line by line: the compiler asks for a line here for each of its fields. */
const lasting = {
  ...applied,
  boot: text,
  state: oneOf('building', 'up', 'kept', 'leaving'),
  links: whole(0, mostLinks),
  created: being('date', value => typeof value === 'number' && value >= 0 && value <= latest),
  owner: whole(0, mostUser),
  by: text,
} satisfies Readonly<Record<keyof Omit<LabRecord, 'version' | 'lab' | 'change'>, Shape>>

const recordShape = fields({
  ...lasting,
  change: optional(
    fields({
      before: optional(fields(lasting)),
      tried: list(fields(applied)),
      foreign: list(resource),
    } satisfies Readonly<Record<keyof UnfinishedChange, Shape>>),
  ),
})

/**
 * Reads a record whole or not at all: a run that believed half of one would take what is the lab's for somebody else's.
 * Keys that are not known stay where they are, for a later version may have put them there. Nothing is thrown.
 * @param lab whose record it should be
 */
export function readRecordText(text: string, lab: string): ReadRecord {
  const value = parse(text)
  if (value === undefined) return { damage: whyNone(text) }
  if (!isMapping(value)) return { damage: 'is no record' }
  if (value.version !== 1)
    return {
      damage: value.version === undefined ? 'has no version' : `is of another version (${shown(value.version)})`,
    }
  if (value.lab !== lab)
    return { damage: typeof value.lab === 'string' ? `is of another lab (${shown(value.lab)})` : 'has no text in lab' }
  const damage = recordShape(value, '')
  return damage === undefined ? { record: value as unknown as LabRecord } : { damage }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A record ends with the only line end in it. */
function whyNone(text: string): string {
  if (text.trim() === '') return 'is empty'
  return text.startsWith('{') && !text.endsWith('\n') ? 'is cut off' : 'is no JSON'
}
