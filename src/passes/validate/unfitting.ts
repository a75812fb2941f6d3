/** A value and the schema that it does not fit in; out the diagnostic that says what its field wants instead. */
import { type Code, type Diagnostic, error } from '../../diagnostic.js'
import type { Schema } from '../../kinds/index.js'
import type { Path, Value } from '../../model/document.js'
import { shapesOf } from './shapes.js'
import { similar } from './similar.js'

export interface Unfitting {
  readonly path: Path
  readonly data: Value
  readonly schema: Schema
}

export function unfitting(given: Unfitting): Diagnostic {
  const { path, data } = given
  const special = typeof data === 'string' ? surprising(given.schema, data, path) : undefined
  if (special) return special
  const message = `${subject(path)} wants ${wants(given.schema)}, ${instead(data)}`
  const hint = hintFor(given)
  return error(codeFor(given), message, path, hint === undefined ? {} : { hint })
}

/** Of the right type, but none that its field takes; or of another type. */
function codeFor({ schema, data }: Unfitting): Code {
  const { scalars } = shapesOf(schema)
  if (Array.isArray(data)) return shapesOf(schema).list ? 'bad-value' : 'wrong-type'
  if (typeof data === 'number') return 'bad-value'
  const closed = scalars.some(each => each.enum !== undefined || each.pattern !== undefined)
  return typeof data === 'string' && closed ? 'bad-value' : 'wrong-type'
}

/** What other versions of YAML, and other programs, take for something else. */
function surprising(schema: Schema, data: string, path: Path): Diagnostic | undefined {
  const { scalars } = shapesOf(schema)
  const numeric = scalars.some(each => each.type === 'integer')
  if (numeric && /^[-+]?0[0-7]+$/.test(data)) {
    const [decimal, octal] = [Number(data), Number.parseInt(data, 8)]
    const message = `\`${data}\` is octal (${octal}) to some and decimal (${decimal}) to others`
    return error('yaml-surprise', message, path, {
      hint: `write ${decimal}, or 0o${data.replace(/^[-+]?0/, '')} for ${octal}`,
    })
  }
  if (numeric && /^\d+(:[0-5]?\d)+$/.test(data)) {
    const message = `${subject(path)} wants ${wants(schema)}; \`${data}\` is one only to old YAML, which reads it in sixties`
    const range = scalars.some(each => each.pattern !== undefined)
    return error('yaml-surprise', message, path, {
      hint: range ? 'a range is written 8000-8099' : 'write the number itself',
    })
  }
  const pattern = scalars.find(each => each.type === 'string' && each.pattern !== undefined)?.pattern
  const unit = /^\d+(\.\d+)?$/.test(data) && units.find(each => new RegExp(`${pattern}`).test(data + each))
  if (!unit) return undefined
  return error('unit-missing', `${subject(path)} wants a unit behind the number`, path, {
    hint: `write \`${data}${unit}\``,
  })
}

const units = ['s', 'ms', '%', 'mbit', 'mb'] as const

function subject(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the file'
  if (typeof last === 'string') return `\`${last}\``
  const key = path.findLast(step => typeof step === 'string')
  return key === 'links' ? 'a link' : `an item of \`${key}\``
}

/** What a fragment takes, in words. */
function wants(schema: Schema): string {
  const { scalars, list, mapping } = shapesOf(schema)
  const words = scalars.map(scalarInWords)
  if (list)
    words.push(
      typeof list.minItems === 'number' && list.minItems > 1 ? `a list of at least ${list.minItems}` : 'a list',
    )
  if (mapping) words.push('a mapping')
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'nothing')
}

function scalarInWords({ type, enum: values, minimum, maximum, pattern }: Schema): string {
  if (Array.isArray(values)) return values.length > 1 ? `one of ${values.join(', ')}` : `${values[0]}`
  if (type === 'boolean') return 'true or false'
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  if (pattern === undefined) return 'a text'
  const matches = new RegExp(`${pattern}`)
  return examples.find(([example]) => matches.test(example))?.[1] ?? 'another text'
}

const examples = [
  ['+7d', 'an offset such as `+7d` or `-3h`'],
  ['1s', 'a duration such as `15s`'],
  ['1mb', 'a size such as `16mb`'],
  ['1mbit', 'a rate such as `100mbit`'],
  ['1.5', 'a share such as `50%` or `1.5`'],
  ['0644', 'permissions such as `0644`'],
  ['tcp/80', 'a socket such as `tcp/80` or `udp/53`'],
  ['0 1 1', 'ids as "INSIDE OUTSIDE COUNT", such as `"0 100000 65536"`'],
  ['1-2', 'a range such as `1000-1999`'],
] as const

function instead(data: Value): string {
  if (data === null) return 'and nothing stands here'
  if (Array.isArray(data))
    return data.length === 0 ? 'not an empty list' : data.length === 1 ? 'not a list of one' : 'not a list'
  if (typeof data === 'object') return 'not a mapping'
  const text = `${data}`
  return `not \`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``
}

function hintFor({ schema, data, path }: Unfitting): string | undefined {
  const { scalars, mapping, list } = shapesOf(schema)
  if (typeof data === 'string') {
    if (/^(yes|no|on|off|y|n)$/i.test(data) && scalars.some(each => each.type === 'boolean'))
      return `to YAML 1.2 \`${data}\` is a text: write ${/^(yes|on|y)$/i.test(data) ? 'true' : 'false'}`
    const words = scalars.flatMap(each => (Array.isArray(each.enum) ? each.enum.map(String) : []))
    const meant = similar(data, words)
    if (meant) return `did you mean \`${meant}\`?`
    const glued = /^(\S+?):(\S.*)$/.exec(data)
    if (mapping && !list && glued) return `a blank belongs behind the colon: \`${glued[1]}: ${glued[2]}\``
    if (list && path.at(-1) === 'command') return `each word is an item: \`[${data.trim().split(/\s+/).join(', ')}]\``
    if (path.includes('isolate') && /^(net|network|uts|hostname)$/.test(data))
      return 'every node has a network and a hostname of its own: leave it out'
    if (list && path[0] === 'links') return 'write the two ends in brackets: `[h1, h2]`'
  }
  if (mapping && Array.isArray(data) && /^(nodes|groups|interfaces)$/.test(`${path.at(-1)}`))
    return 'names are keys here, one a line: `h1: {}`'
  if (path.length === 0) return 'a topology begins with `nodes:`'
  if (path.length === 1 && path[0] === 'links' && typeof data === 'object') return 'each link is an item: `- [h1, h2]`'
  return undefined
}
