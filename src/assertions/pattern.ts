/** A text and what must be found in it in; whether it is, and how to call it, out. */
import type { Pattern } from '../model/assertion.js'

export function foundIn(pattern: Pattern, text: string): boolean {
  return 'text' in pattern ? text.includes(pattern.text) : pattern.expression.test(text)
}

export function wordsOf(pattern: Pattern): string {
  return 'text' in pattern ? JSON.stringify(pattern.text) : `${pattern.expression}`
}
