/** Text in, document out: YAML 1.2 as plain data with its places, variables replaced, the lab named. */
import type { Diagnostic } from '../diagnostic.js'
import type { Document, Path, Source, Value } from '../model/document.js'
import { labName } from './parse/name.js'
import { placesOf } from './parse/places.js'
import { quick } from './parse/quick.js'
import { refusedText } from './parse/text.js'
import { placesWhenAsked, type Thorough, thorough } from './parse/thorough.js'
import { type Replaced, variables } from './parse/variables.js'
import { entryAround } from './validate/dropped.js'

export interface Parsed {
  readonly document: Document
  readonly diagnostics: readonly Diagnostic[]
  /** The entries that errors stand in, so that nothing that follows from them is said; the empty path is the whole file. */
  readonly dropped: readonly Path[]
}

/**
 * Reads a topology's text. There is always a document, so that diagnostics find their places: what could not be
 * read is left out of its value, and an error says so. Nothing is thrown, whatever the text.
 */
export function parse(source: Source): Parsed {
  const refused = refusedText(source.text)
  const tree = refused ? nothingOf(source.text) : read(source.text)
  const name = labName(source, tree.value, tree.places.place)
  const replaced = tree.hasVariables
    ? variables({ source, lab: name.lab, value: tree.value, places: tree.places })
    : unchanged(tree.value)
  const document: Document = {
    source,
    value: replaced.value,
    lab: name.lab,
    used: { ...name.used, ...replaced.used },
    ...tree.places,
  }
  const diagnostics = [...tree.diagnostics, ...name.diagnostics, ...replaced.diagnostics]
  if (refused) return { document, diagnostics: [refused], dropped: [[]] }
  return { document, diagnostics, dropped: [...tree.dropped, ...replaced.open.map(entryAround)] }
}

/** The short way for most texts; the whole way for the rest, and for places. */
function read(text: string): Thorough {
  const value = quick(text)
  if (value === undefined) return thorough(text)
  return { value, hasVariables: text.includes('${'), diagnostics: [], dropped: [], places: placesWhenAsked(text) }
}

function nothingOf(text: string): Thorough {
  return { value: {}, hasVariables: false, diagnostics: [], dropped: [], places: placesOf(text, null, new Map()) }
}

function unchanged(value: Value): Replaced {
  return { value, used: {}, diagnostics: [], open: [] }
}
