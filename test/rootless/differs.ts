/** The suite in; what of it is not run as an ordinary user, and why, out: a table of docs/rootless.md, between its two marks. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { markdownTable } from '../../scripts/docs/markdown.js'
import { needed } from '../support/needs.js'

/** Whole files: what they say does not depend on who runs them, or is said already. */
export const leftOut: Readonly<Record<string, string>> = {
  'test/fuzz/**': 'no kernel is asked',
  'test/faults.spec.ts': 'the kernel is one in memory',
  'test/reliability/**':
    'hours of kills and cycles of which CI has a share, as root; `rootless/run.spec.ts` kills as both',
  'test/rootless/**': 'run by root, as an ordinary user and as others',
}

const path = new URL('../../docs/rootless.md', import.meta.url)
const marks = /(?<=<!-- skipped -->\n)[\s\S]*(?=<!-- end of skipped -->)/

/** The page as it should be. */
export const page = () => read().replace(marks, () => `\n${table()}\n\n`)
export const read = () => readFileSync(path, 'utf8')
export const write = () => writeFileSync(path, page())

function table(): string {
  const files = Object.entries(leftOut).map(([files, why]) => [code(files), why])
  const tests = Object.entries(needed).map(([need, why]) => [skipping(need).map(code).join(', '), `takes ${why}`])
  return markdownTable(['not run', 'why'], [...files, ...tests])
}

const code = (text: string) => `\`${text}\``

/** The specs that skip tests for this reason. */
function skipping(need: string): readonly string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter(
      name => name.endsWith('.spec.ts') && readFileSync(`test/${name}`, 'utf8').includes(`needs(this, '${need}')`),
    )
    .map(name => `test/${name}`)
    .sort()
}
