/** A topology's text in; a plain object to be edited, and the text of what became of it, out. */
import type { Source } from '../model/document.js'
import { compile } from '../pipeline.js'
import { succeeded } from './failure.js'

/** As the file has it, with variables replaced; every link is a mapping with `endpoints`. */
export interface EditableTopology {
  nodes: Record<string, Record<string, unknown> | null>
  links: (Record<string, unknown> & { endpoints: unknown[] })[]
  [key: string]: unknown
}

/** Changed in place, or another one returned. */
export type Edit = (topology: EditableTopology) => unknown

export function edited(source: Source, edit: Edit): Source {
  const { document } = succeeded(compile(source))
  const { nodes = {}, links = [], ...rest } = JSON.parse(JSON.stringify(document.value))
  const whole = {
    ...rest,
    nodes,
    links: links.map((link: unknown) => (Array.isArray(link) ? { endpoints: link } : link)),
  }
  const result: unknown = edit(whole)
  const text = JSON.stringify(isObject(result) ? result : whole, null, 2)
  return { ...source, text, label: `${source.label.replace(/ \(edited\)$/, '')} (edited)` }
}

/** An arrow function may return whatever its last assignment did. */
function isObject(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'nodes' in result
}
