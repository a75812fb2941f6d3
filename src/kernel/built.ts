/** The name of a file in dist/ in; where it is out: beside the built program, or, in a checkout that runs from its sources, above them. */
import { fileURLToPath } from 'node:url'

export function builtFile(name: string): string {
  const here = import.meta.url
  // Never looked for elsewhere: what stands outside of the package is not ours to run.
  return fileURLToPath(new URL(here.endsWith('/src/kernel/built.ts') ? `../../dist/${name}` : name, here))
}
