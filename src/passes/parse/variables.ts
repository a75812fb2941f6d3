/** A value in; out with `${NAME}` replaced in its texts, and with the variables that were used. */
import { type Code, type Diagnostic, error } from '../../diagnostic.js'
import {
  type Document,
  keysOf,
  type Mapping,
  type Path,
  type Place,
  rememberKeys,
  type Source,
  type Value,
} from '../../model/document.js'
import { holdsControls } from './text.js'

/** Stands for `${` where a later pass still replaces `${node}`; no text of a file holds this character. */
const marked = '\0{'

export interface Replaced {
  readonly value: Value
  readonly used: Readonly<Record<string, string>>
  readonly diagnostics: readonly Diagnostic[]
  /** Where the values stand that a variable is missing in. */
  readonly open: readonly Path[]
}

export interface Scope {
  readonly source: Source
  /** Filled with what was replaced. */
  readonly used: Record<string, string>
  /** `lab` and `node`; null: left in the text; a diagnostic's message where one has no meaning. */
  readonly names: { readonly lab?: string; readonly node?: string | null }
  /** Characters that may still be put in; a text of a few bytes can ask for megabytes many times. */
  readonly budget: { left: number }
  /** What an escaped `$${` becomes, and a `${` that a variable's own text holds. */
  readonly escape: string
}

/** As many as a file may have. */
export const mostReplaced = 16 * 1024 * 1024

/** What is wrong with one `${…}`, which stands so in a text. */
export interface Problem {
  readonly code: Code
  readonly message: string
  readonly hint: string
  readonly written: string
}

type Unwritten = Omit<Problem, 'written'>

interface Given {
  readonly source: Source
  readonly lab: string
  readonly value: Value
  readonly places: Pick<Document, 'place' | 'range'>
}

export function variables({ source, lab, value: given, places }: Given): Replaced {
  const used: Record<string, string> = Object.create(null)
  const diagnostics: Diagnostic[] = []
  const budget = { left: mostReplaced }
  const scopeAt = (path: Path): Scope => ({ source, used, budget, ...namesAt(path, lab) })
  const open: Path[] = []
  const report = (problem: Problem, path: Path) => {
    open.push(path)
    diagnostics.push(diagnose(problem, source.text, places.place(path)))
  }
  const value = replaceAll(given, [], { scopeAt, report })
  return { value, used: { ...used }, diagnostics, open }
}

/** Points at the variable itself, where the value's text holds it as it is written. */
export function diagnose({ code, message, hint, written }: Problem, text: string, { start, end }: Place): Diagnostic {
  const offset = text.slice(start, end).indexOf(written)
  const at = start + offset
  const range = offset < 0 ? ([start, end] as const) : ([at, at + written.length] as const)
  return error(code, message, { range }, { hint })
}

/** Groups and defaults hold for many nodes: only the pass that merges them knows which. */
function namesAt(path: Path, lab: string): Pick<Scope, 'names' | 'escape'> {
  if (path[0] === 'groups' || path[0] === 'defaults') return { names: { lab, node: null }, escape: marked }
  if (path[0] === 'nodes' && path.length > 1) return { names: { lab, node: `${path[1]}` }, escape: '${' }
  return { names: { lab }, escape: '${' }
}

interface Work {
  readonly scopeAt: (path: Path) => Scope
  readonly report: (problem: Problem, path: Path) => void
}

function replaceAll(value: Value, path: Path, work: Work): Value {
  if (typeof value === 'string' && value.includes('${')) return replaceText(value, path, work)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item, index) => replaceAll(item, [...path, index], work))
  const result: Record<string, Value> = Object.create(null)
  const keys = keysOf(value)
  for (const key of keys) {
    const free = path.length === 0 && (key === 'name' || key.startsWith('x-'))
    result[key] = free
      ? nameOr(work, key, value as Mapping)
      : replaceAll((value as Mapping)[key]!, [...path, key], work)
  }
  rememberKeys(result, keys)
  return result
}

/** `x-…` is nobody's but its aliases'; `name` was replaced, and its mistakes reported, when the lab was named. */
function nameOr(work: Work, key: string, mapping: Mapping): Value {
  const value = mapping[key]!
  return key === 'name' && typeof value === 'string' ? replaceIn(value, work.scopeAt([])).text : value
}

function replaceText(text: string, path: Path, work: Work): string {
  const replaced = replaceIn(text, work.scopeAt(path))
  for (const problem of replaced.problems) work.report(problem, path)
  return replaced.text
}

/** Replaces every `${…}` of one text; what has no value is left as it stands and is a problem. */
export function replaceIn(
  text: string,
  scope: Scope,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const result = text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, inner?: string, close?: string) => {
    if (inner === undefined) return scope.escape
    if (scope.budget.left < 0) return whole
    const found = close === '' ? misspelt(whole) : lookUp(inner, scope)
    const fits = typeof found !== 'string' || paidFrom(scope.budget, found)
    if (typeof found === 'string' && fits) return found
    problems.push({ ...(typeof found === 'string' ? tooMuch : found), written: whole })
    return whole
  })
  return { text: result, problems }
}

const tooMuch: Unwritten = {
  code: 'yaml-bomb',
  message: 'variables make more than 16 MiB out of this text',
  hint: 'a variable holds a name, a number or an address',
}

/** Whether there was room for it; once there was none, nothing more is put in. */
function paidFrom(budget: Scope['budget'], text: string): boolean {
  budget.left -= text.length
  return budget.left >= 0
}

function lookUp(inner: string, scope: Scope): string | Unwritten {
  const match = /^([A-Za-z_]\w*)(?::([-?])(.*))?$/s.exec(inner)
  if (!match || match[3]?.includes('${')) return misspelt(`\${${inner}}`)
  const [, name, operator, rest] = match
  if (name === 'lab' || name === 'node') return ownName(name, scope)
  const value = Object.hasOwn(scope.source.variables, name!)
    ? scope.source.variables[name!]
    : Object.hasOwn(scope.source.environment, name!)
      ? scope.source.environment[name!]
      : undefined
  if (value !== undefined) scope.used[name!] = value
  if (value !== undefined && holdsControls(value)) return controls(name!)
  if (value === undefined || (value === '' && operator)) return operator === '-' ? rest! : unset(name!, rest)
  return scope.escape === marked ? value.replaceAll('${', marked) : value
}

function ownName(name: 'lab' | 'node', { names }: Scope): string | Unwritten {
  const value = names[name]
  if (value === null) return `\${${name}}`
  if (value !== undefined) return value
  const where = name === 'lab' ? 'in the lab’s own name' : 'here'
  const hint =
    name === 'lab'
      ? 'write the name out'
      : 'only below `nodes`, `groups` and `defaults` is it known; write the name out'
  return { code: 'unset-variable', message: `\`\${${name}}\` means nothing ${where}`, hint }
}

function unset(name: string, message: string | undefined): Unwritten {
  const text = message ? `\`\${${name}}\`: ${message}` : `the variable \`${name}\` has no value`
  const hint = `\`--set ${name}=…\` gives it one, as does the environment; \`\${${name}:-…}\` a default`
  return { code: 'unset-variable', message: text, hint }
}

function misspelt(text: string): Unwritten {
  const hint = 'write ${NAME}, ${NAME:-default} or ${NAME:?message}; for the text itself double the dollar: $${…}'
  return { code: 'bad-value', message: `\`${text}\` is no variable`, hint }
}

function controls(name: string): Unwritten {
  return {
    code: 'bad-value',
    message: `the variable \`${name}\` holds control characters`,
    hint: 'no value may hold any',
  }
}
