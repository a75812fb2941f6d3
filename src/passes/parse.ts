/** Text in, document out: YAML 1.2 as plain data with its places, variables replaced, the lab named. */
import type { Diagnostic } from '../diagnostic.js'
import type { Document, Source, Value } from '../model/document.js'
import { compose } from './parse/compose.js'
import { convert } from './parse/convert.js'
import { labName } from './parse/name.js'
import { placesOf } from './parse/places.js'
import { refusedText } from './parse/text.js'
import { variables } from './parse/variables.js'

export interface Parsed {
  readonly document: Document
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a topology's text. There is always a document, so that diagnostics find their places: what could not be
 * read is left out of its value, and an error says so. Nothing is thrown, whatever the text.
 */
export function parse(source: Source): Parsed {
  const refused = refusedText(source.text)
  const composed = compose(refused ? '' : source.text)
  const tree = convert(composed)
  const places = placesOf(source.text, composed.root, tree.targets)
  const name = labName(source, tree.value, places.place)
  const replaced = tree.hasVariables
    ? variables({ source, lab: name.lab, value: tree.value, places })
    : unchanged(tree.value)
  const document: Document = {
    source,
    value: refused ? {} : replaced.value,
    lab: name.lab,
    used: { ...name.used, ...replaced.used },
    ...places,
  }
  const diagnostics = [...composed.diagnostics, ...tree.diagnostics, ...name.diagnostics, ...replaced.diagnostics]
  return { document, diagnostics: refused ? [refused] : diagnostics }
}

function unchanged(value: Value) {
  return { value, used: {}, diagnostics: [] }
}
