/** Any text in, read by the `yaml` package; out its value, its places, and what is wrong with it. */
import type { Document } from '../../model/document.js'
import { compose } from './compose.js'
import { type Converted, convert } from './convert.js'
import { placesOf } from './places.js'

export type Places = Pick<Document, 'place' | 'range'>
export interface Thorough extends Omit<Converted, 'targets'> {
  readonly places: Places
}

export function thorough(text: string): Thorough {
  const composed = compose(text)
  const { targets, diagnostics, ...tree } = convert(composed)
  const places = placesOf(text, composed.root, targets)
  return { ...tree, places, diagnostics: [...composed.diagnostics, ...diagnostics] }
}

/** Places of a text that is only read when somebody asks for one: of a topology without mistakes nobody does. */
export function placesWhenAsked(text: string): Places {
  let known: Places | undefined
  const places = () => {
    known ??= thorough(text).places
    return known
  }
  return {
    place: (path, key) => places().place(path, key),
    range: (start, end) => places().range(start, end),
  }
}
