/** Nothing in; a name that nobody can guess out, or what a text's digest is. */

// Loading it takes 3 ms, which commands that need it not should not pay for.
const crypto = () => process.getBuiltinModule('node:crypto')

/** 16 digits. */
export function randomName(): string {
  return crypto().randomBytes(8).toString('hex')
}

/** SHA-256, in hexadecimal. */
export function digestOf(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex')
}
