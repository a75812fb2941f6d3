/** A lab's name in; one that no other run has out. */
import { randomBytes } from 'node:crypto'

/** Of a lab's name. */
const mostLetters = 63

/** @param middle says what it is for */
export function uniqueName(lab: string, middle = ''): string {
  const end = `${middle}-${randomBytes(4).toString('hex')}`
  return `${lab.slice(0, mostLetters - end.length)}${end}`
}
