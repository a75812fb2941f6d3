/** A document in, a topology out: of the structure that the schema describes, its scalars read as their fields want. */
import { type Diagnostic, error } from '../diagnostic.js'
import check from '../generated/validate-topology.js'
import { type Topology, topologySchema } from '../kinds/index.js'
import type { Document, Path, Value } from '../model/document.js'
import { entryOf, leavesOut, without } from './validate/dropped.js'
import { explain } from './validate/explain.js'
import { kindMistakes } from './validate/kinds.js'
import { readAs } from './validate/read.js'

export interface Validated {
  /** The file without its faulty entries; undefined when nothing of it can be relied on. */
  readonly value?: Topology
  /** Those entries; the empty path is the whole file. Left-out items of lists, nodes and groups are null in the value. */
  readonly dropped: readonly Path[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks a document against the schema of topologies: keys, types, ranges, kinds of interfaces. In the result
 * numbers and truth values are such; names, addresses and what they refer to are left to `resolve`. What parsing has
 * found faulty (`spoiled`) is left out of the value, too.
 */
export function validate(document: Document, spoiled: readonly Path[] = []): Validated {
  if (document.value === null) return { value: {}, dropped: [], diagnostics: [emptiness()] }
  const surprises: Diagnostic[] = []
  const value = readAs(topologySchema, document.value, { path: [], surprises })
  const kinds = kindMistakes(value)
  const fits = isTopology(value)
  if (fits && kinds.length === 0 && spoiled.length === 0) return { value, dropped: [], diagnostics: surprises }
  const found = [...(fits ? [] : mistakes(value, spoiled)), ...kinds]
  return { ...salvaged(value, [...spoiled, ...found.flatMap(entryOf)]), diagnostics: [...surprises, ...found] }
}

function isTopology(value: Value | Topology): value is Topology {
  return check(value)
}

/** What the validator has just found, but for the gaps that are known. */
function mistakes(value: Value, gaps: readonly Path[]): readonly Diagnostic[] {
  const known = new Set(gaps.map(path => JSON.stringify(path)))
  const isGap = ({ at }: Diagnostic) =>
    at && 'path' in at && known.has(JSON.stringify(at.path)) && leavesOut(value, at.path)
  return explain(check.errors ?? [], value).filter(found => !isGap(found))
}

/** Leaves out what is faulty, and then what is faulty without it, as a link is without its misspelt `endpoints`. */
function salvaged(value: Value, faulty: readonly Path[]): Omit<Validated, 'diagnostics'> {
  let dropped = faulty
  for (let round = 0; round < 5 && dropped.every(path => path.length > 0); round++) {
    const rest = without(value, dropped)
    const found = fitsButFor(rest, dropped)
    if (found.fits) return { value: found.value, dropped }
    dropped = [...dropped, ...found.more]
  }
  return { dropped }
}

type Fitting =
  | { readonly fits: true; readonly value: Topology }
  | { readonly fits: false; readonly more: readonly Path[] }

function fitsButFor(value: Value, dropped: readonly Path[]): Fitting {
  let more: readonly Path[] = []
  const isRest = (rest: Value | Topology): rest is Topology => {
    if (!check(rest)) more = mistakes(value, dropped).flatMap(entryOf)
    return more.length === 0
  }
  return isRest(value) ? { fits: true, value } : { fits: false, more }
}

function emptiness(): Diagnostic {
  const hint = 'a topology has `nodes` and `links`: `nodes: { h1: {}, h2: {} }`, `links: [[h1, h2]]`'
  return error('missing-key', 'the file is empty', [], { hint })
}
