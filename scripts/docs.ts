/** What the program says of itself in; the reference pages of docs/ out. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { makePages } from '../commands/shared/pages.js'
import { codes } from '../src/diagnostic.js'
import { linkKinds, topologySchema } from '../src/kinds/index.js'
import { pinned } from '../src/kinds/node/pinned.js'
import { commandsPage } from './docs/commands.js'
import { languagePage } from './docs/language.js'
import { markdownTable } from './docs/markdown.js'

const root = new URL('../', import.meta.url)

/** Every generated page by its name below docs/. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['commands.md', commandsPage(await makePages())],
    ['language.md', languagePage(topologySchema, [...linkKinds.values()])],
    ['errors.md', errorsPage()],
    ['sysctls.md', sysctlsPage()],
  ])
}

function errorsPage(): string {
  const rows = Object.entries(codes).map(([code, sentence]) => [`<a id="${code}"></a>\`${code}\``, sentence])
  return `# Errors and warnings

Every message has a code, the place as \`file:line:column\`, what is wrong, the lines with a caret, and a hint with the
fix where one is known. All that is wrong with a file is reported in one run, and the kernel is not touched.

${markdownTable(['code', 'what it means'], rows)}
`
}

function sysctlsPage(): string {
  const rows = pinned.map(({ name, value, role }) => [`\`${name}\``, value.host, value.router, value.switch, role])
  return `# Settings of a new node

A new network namespace copies some of the machine’s own IPv4 settings, so that the same lab would behave differently on
a laptop and in CI. nstopo therefore sets each of these to the value below, unless the file’s \`sysctls\` say otherwise.
TCP’s own settings follow the machine.

${markdownTable(['sysctl', 'host', 'router', 'switch', 'what it decides'], rows)}
`
}

/** Whether a page on disk is as it should be. */
export function isFresh(name: string, text: string): boolean {
  try {
    return readFileSync(new URL(`docs/${name}`, root), 'utf8') === text
  } catch {
    return false
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(new URL('docs/', root), { recursive: true })
  for (const [name, text] of await pages()) writeFileSync(new URL(`docs/${name}`, root), text)
}
