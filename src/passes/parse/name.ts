/** A source and its value in, the lab's name out: `--name`, the file's `name`, or one made from the file's own name. */
import { type Diagnostic, error } from '../../diagnostic.js'
import type { Document, Source, Value } from '../../model/document.js'
import { diagnose, mostReplaced, replaceIn } from './variables.js'

const valid = /^[a-z0-9][a-z0-9-]{0,62}$/

export interface Named {
  readonly lab: string
  readonly used: Readonly<Record<string, string>>
  readonly diagnostics: readonly Diagnostic[]
}

export function labName(source: Source, value: Value, place: Document['place']): Named {
  const fallback = fromPath(source.path)
  if (source.name !== undefined) return checked(source.name, fallback)
  const name = value !== null && typeof value === 'object' && !Array.isArray(value) ? nameOf(value) : undefined
  if (name === undefined) return { lab: fallback, used: {}, diagnostics: [] }
  const used: Record<string, string> = Object.create(null)
  const scope = { source, used, budget: { left: mostReplaced }, names: {}, escape: '${' }
  const { text, problems } = replaceIn(name, scope)
  if (problems.length > 0)
    return {
      lab: fallback,
      used,
      diagnostics: problems.map(problem => diagnose(problem, source.text, place(['name']))),
    }
  return { ...checked(text, fallback, ['name']), used }
}

function nameOf(value: object): string | undefined {
  const name: unknown = 'name' in value ? value.name : undefined
  return typeof name === 'string' ? name : undefined
}

function checked(lab: string, fallback: string, at?: readonly string[]): Named {
  if (valid.test(lab)) return { lab, used: {}, diagnostics: [] }
  const better = sanitized(lab)
  const hint = better === undefined ? {} : { hint: `such as \`${better}\`` }
  const message = `a lab’s name is made of a-z, 0-9 and -, begins with no -, and has at most 63 characters; not \`${lab}\``
  return { lab: fallback, used: {}, diagnostics: [error('bad-name', message, at, hint)] }
}

/** `lab.yaml` and `nstopo.yaml` say nothing about what they hold; their folder does. */
function fromPath(path: string | undefined): string {
  if (path === undefined) return 'lab'
  const [file, folder] = path.split('/').reverse()
  const base = file!.replace(/(\.nstopo)?\.(ya?ml|json)$/i, '')
  return sanitized(/^(lab|nstopo)$/i.test(base) ? folder! : base) ?? 'lab'
}

function sanitized(text: string | undefined): string | undefined {
  const name = (text ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
  return name === '' ? undefined : name
}
