/** A text → what the kernel should hold: parse, validate, resolve, lower. */

import type { Diagnostic } from '../diagnostic.js'
import type { Topology } from '../kinds/index.js'
import type { Document, Path, Source } from '../model/document.js'
import type { Compiled, Result } from '../model/report.js'
import { type Trace, traced } from '../model/trace.js'
import { lower } from '../passes/lower.js'
import { parse } from '../passes/parse.js'
import { resolve } from '../passes/resolve.js'
import { validate } from '../passes/validate.js'
import type { Lab } from './lab.js'

/** A compiled topology remembers what it was resolved from, to be resolved again for a running lab. */
export interface Draft extends Compiled {
  readonly topology: Topology
}

export function compile(source: Source, trace?: Trace): Result<Draft> {
  const { document, diagnostics, dropped } = traced(trace, 'parse', () => parse(source))
  const topology = traced(trace, 'validate', () => validate(document, dropped))
  const found = [...diagnostics, ...topology.diagnostics]
  if (!topology.value) return { document, diagnostics: inOrder(found, document) }
  return resolved(document, { topology: topology.value, dropped: topology.dropped, found, trace })
}

/** The same for a lab that runs: its segments and loopbacks keep what they were given. */
export function compileFor(draft: Result<Draft>, lab: Lab): Result<Draft> {
  const assigned = lab.record?.source.assigned
  if (!draft.value || !assigned || Object.keys(assigned).length === 0) return draft
  const { document, topology } = draft.value
  const before = { topology, dropped: [], found: [], trace: lab.kernel.trace }
  return resolved({ ...document, source: { ...document.source, assigned } }, before)
}

interface Before {
  readonly topology: Topology
  readonly dropped: readonly Path[]
  readonly found: readonly Diagnostic[]
  readonly trace: Trace | undefined
}

/** After an error only further errors are told: what is doubtful may be so because of it. */
function resolved(document: Document, { topology, dropped, found, trace }: Before): Result<Draft> {
  const network = traced(trace, 'resolve', () => resolve(document, topology, dropped))
  const failed = found.some(isError)
  const more = failed ? network.diagnostics.filter(isError) : network.diagnostics
  const diagnostics = inOrder([...found, ...more], document)
  if (!network.ok || failed) return { document, diagnostics }
  const state = traced(trace, 'lower', () => lower(network.value))
  return { document, diagnostics, value: { document, topology, network: network.value, state } }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

/** As one reads the file. */
function inOrder(diagnostics: readonly Diagnostic[], document: Document): readonly Diagnostic[] {
  const start = ({ at }: Diagnostic) => (!at ? -1 : 'range' in at ? at.range[0] : document.place(at.path, at.key).start)
  return diagnostics.length < 2 ? diagnostics : [...diagnostics].sort((a, b) => start(a) - start(b))
}
