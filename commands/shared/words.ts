/** A command line in, what stands before `--` and what after it out. */

export function split(argv: readonly string[]): {
  readonly before: readonly string[]
  readonly after?: readonly string[]
} {
  const at = argv.indexOf('--')
  return at < 0 ? { before: argv } : { before: argv.slice(0, at), after: argv.slice(at + 1) }
}

/** Whether `--json` is asked for, on a line that may be wrong otherwise. */
export function wantsJson(argv: readonly string[]): boolean {
  return split(argv).before.includes('--json') || /^(1|true|yes|y|on)$/i.test(process.env.NSTOPO_JSON ?? '')
}
