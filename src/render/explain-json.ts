/** The ways of packets in, the values that `--json` prints of them out; their schema is in schemas/explain.ts. */
import type { Document, Path } from '../model/document.js'
import type { Explanation, Hop, Passage, Reason, Way } from '../model/explanation.js'
import { placeJson } from './place.js'
import type { ResultOf } from './schemas.js'

type PassageJson = ResultOf<'explain'>['passages'][number]

export function explanationJson(explanation: Explanation, document: Document | undefined): ResultOf<'explain'> {
  return { ...explanation, passages: explanation.passages.map(passage => passageJson(passage, document)) }
}

export function passageJson(passage: Passage, document: Document | undefined): PassageJson {
  const { there, back, reason, ...rest } = passage
  return {
    ...rest,
    there: wayJson(there, document),
    ...(back && { back: wayJson(back, document) }),
    ...(reason && { reason: placed(reason, document) }),
  }
}

function wayJson({ hops, end }: Way, document: Document | undefined): PassageJson['there'] {
  return { hops: hops.map(hop => hopJson(hop, document)), ...(end && { end: placed(end, document) }) }
}

function hopJson(hop: Hop, document: Document | undefined) {
  return { ...placed(hop, document), through: hop.through.map(end => `${end.node}:${end.interface}`) }
}

function placed<T extends Hop | Reason>({ at, ...rest }: T, document: Document | undefined) {
  return { ...rest, ...(at && document ? { place: placeJson(at as Path, document) } : {}) }
}
