/** What a command line says and can't mean, thrown on the way to running it: `dispatch` tells it. */
import type { Diagnostic } from '../../src/diagnostic.js'

export class Refused extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message)
  }
}
