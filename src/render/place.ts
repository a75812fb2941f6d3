/** A path into the YAML in, file, line and column out. */
import type { Document, Path } from '../model/document.js'

export interface PlaceJson {
  readonly file: string
  readonly line: number
  readonly column: number
}

export function placeJson(path: Path, document: Document): PlaceJson {
  const { line, column } = document.place(path)
  return { file: document.source.label, line, column }
}

/** `lab.yaml:12:5` */
export function placeText(path: Path, document: Document): string {
  const { file, line, column } = placeJson(path, document)
  return `${file}:${line}:${column}`
}
