/** A request and an offset into it → the kernel's name of the attribute that stands there. */
import { type Level, messages, type Nest } from './attribute-tables.js'

/** What a message type (RTM_GETLINK and so on) is about: `the links`. */
export function messageSubject(type: number): string {
  return messages[type >> 2]?.subject ?? `what message ${type} asks for`
}

/** The name of the attribute that starts at `offset`, counted from the start of the message's header; `IFLA_MTU`. */
export function attributeName(message: Buffer, offset: number): string | undefined {
  return find(message, (_, at, level, type) => (at === offset ? nameOf(level, type) : undefined))
}

/** The name of an attribute that should have been there: in the nest that starts at `nest`, or in the message itself. */
export function missingAttributeName(message: Buffer, missing: { type: number; nest?: number }): string | undefined {
  const top = messages[message.readUInt16LE(4) >> 2]?.level
  if (missing.nest === undefined) return top && nameOf(top, missing.type)
  return find(message, (siblings, at, level, type) => {
    const inner = at === missing.nest ? nestedLevel(level, type, siblings) : undefined
    return inner && nameOf(inner, missing.type)
  })
}

type Visit = (siblings: Buffer, at: number, level: Level, type: number) => string | undefined

function find(message: Buffer, visit: Visit): string | undefined {
  const kind = messages[message.readUInt16LE(4) >> 2]
  return kind && walk(message, { from: 16 + kind.header, to: message.length, level: kind.level }, visit)
}

/** Visits every attribute of a span and of what is nested in it, until a visit gives a name. */
function walk(message: Buffer, span: { from: number; to: number; level: Level }, visit: Visit): string | undefined {
  const siblings = message.subarray(span.from, span.to)
  for (let at = span.from; at + 4 <= span.to; ) {
    const length = message.readUInt16LE(at)
    if (length < 4 || at + length > span.to) return undefined
    const type = message.readUInt16LE(at + 2) & 0x3fff
    const name =
      visit(siblings, at, span.level, type) ??
      walkNested(message, { at, length, type, siblings, level: span.level }, visit)
    if (name) return name
    at += (length + 3) & ~3
  }
  return undefined
}

interface Attribute {
  readonly at: number
  readonly length: number
  readonly type: number
  readonly siblings: Buffer
  readonly level: Level
}

function walkNested(
  message: Buffer,
  { at, length, type, siblings, level }: Attribute,
  visit: Visit,
): string | undefined {
  const inner = nestedLevel(level, type, siblings)
  if (!inner) return undefined
  const nest = nestOf(level, type)!
  if (nest.each === undefined)
    return walk(message, { from: at + 4 + (nest.header ?? 0), to: at + length, level: inner }, visit)
  for (let element = at + 4; element + nest.each <= at + length; ) {
    const size = message.readUInt16LE(element)
    if (size < nest.each) return undefined
    const name = walk(
      message,
      { from: element + nest.each, to: Math.min(element + size, at + length), level: inner },
      visit,
    )
    if (name) return name
    element += (size + 3) & ~3
  }
  return undefined
}

function nestOf(level: Level, type: number): Nest | undefined {
  return level.nested?.[level.names[type] ?? '']
}

function nestedLevel(level: Level, type: number, siblings: Buffer): Level | undefined {
  const nest = nestOf(level, type)
  return typeof nest?.level === 'function' ? nest.level(siblings) : nest?.level
}

function nameOf(level: Level, type: number): string {
  return level.prefix + (level.names[type] ?? type)
}
