/** A document in, a topology out: of the structure that the schema describes, its scalars read as their fields want. */
import { type Diagnostic, error, type Outcome, outcome } from '../diagnostic.js'
import check from '../generated/validate-topology.js'
import { type Topology, topologySchema } from '../kinds/index.js'
import type { Document, Value } from '../model/document.js'
import { explain } from './validate/explain.js'
import { kindMistakes } from './validate/kinds.js'
import { readAs } from './validate/read.js'

/**
 * Checks a document against the schema of topologies: keys, types, ranges, kinds of interfaces. In the result
 * numbers and truth values are such; names, addresses and what they refer to are left to `resolve`.
 */
export function validate(document: Document): Outcome<Topology> {
  if (document.value === null) return outcome<Topology>({}, [emptiness()])
  const surprises: Diagnostic[] = []
  const value = readAs(topologySchema, document.value, { path: [], surprises })
  const kinds = kindMistakes(value)
  if (isTopology(value)) return outcome(value, [...surprises, ...kinds])
  return { ok: false, diagnostics: [...surprises, ...explain(check.errors ?? [], value), ...kinds] }
}

function isTopology(value: Value | Topology): value is Topology {
  return check(value)
}

function emptiness(): Diagnostic {
  const hint = 'a topology has `nodes` and `links`: `nodes: { h1: {}, h2: {} }`, `links: [[h1, h2]]`'
  return error('missing-key', 'the file is empty', [], { hint })
}
