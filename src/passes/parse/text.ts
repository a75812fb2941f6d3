/** A text in; the error out that keeps it from being read at all, if there is one. */
import { type Diagnostic, error } from '../../diagnostic.js'

const largest = 16 * 1024 * 1024

/** What YAML 1.2 (section 5.1) does not take for a character, as far as it can stand in a decoded text. */
const unprintable = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\p{Surrogate}/u

/** Refuses texts over 16 MiB and texts with control characters; both would only be misread. */
export function refusedText(text: string): Diagnostic | undefined {
  if (text.length > largest)
    return error('file-unreadable', 'the file is larger than 16 MiB, which no topology is', { range: [0, 0] })
  const found = unprintable.exec(text)
  if (!found) return undefined
  const end = found.index + found[0].length
  return error(
    'yaml-syntax',
    `a control character (${codePoint(found[0])}) stands here`,
    { range: [found.index, end] },
    {
      hint: found[0] === '\0' ? 'is this a binary file, or one in UTF-16? A topology is UTF-8 text' : 'take it out',
    },
  )
}

/** A character as `U+0007`. */
export function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Whether a value holds control characters other than tabs and line ends. */
export function holdsControls(value: string): boolean {
  return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\p{Surrogate}/u.test(value)
}
