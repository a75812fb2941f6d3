/** What a test needs in; that test skipped, where an ordinary user hasn't it, out: docs/rootless.md has a table of them. */
import { readFileSync } from 'node:fs'

/** What root has, and an ordinary user in namespaces of his own has not. */
export const needed = {
  registry: 'the network of the machine, to fetch a package',
  'machine users': 'the machine’s own user namespace: namespaces of others are no matter in another one',
} as const

/** Root here is another user outside (user_namespaces(7)). */
const isOrdinary = !/^\s*0\s+0\s/.test(readFileSync('/proc/self/uid_map', 'utf8'))

/** The first line of a test, or of a `before`: skips it where `npm run test:rootless` runs it. */
export function needs(test: Mocha.Context, _what: keyof typeof needed): void {
  if (isOrdinary) test.skip()
}
