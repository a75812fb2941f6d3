/** The sources in; dist/ out: the program, its front door apart, and the library. */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { makePages } from '../commands/shared/pages.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const dist = `${root}dist`

/**
 * What oclif's command and parser load but never reach here, since our front door finds the command, prints its help
 * and reads no configuration from disk. Without it every command starts some milliseconds sooner.
 */
const unused =
  /^(ejs|debug|semver|minimatch|tinyglobby|lilconfig|wsl-utils|wrap-ansi|widest-line|indent-string|clean-stack|ansi-escapes|string-width|is-wsl|node:readline|node:fs\/promises)$/
const unusedOwn = /\/(config|plugin-loader|help|help\/index|action\/(spinner|simple))$/

const lean: Plugin = {
  name: 'lean',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const ours = importer.includes('/@oclif/core/lib/') && (unused.test(path) || unusedOwn.test(path))
      return ours ? { path, namespace: 'unused' } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: contentsOf(path), loader: 'js' }))
  },
}

/** A debug that says nothing; anything else is an empty object. */
function contentsOf(path: string): string {
  if (path === 'debug')
    return 'module.exports = () => Object.assign(() => {}, { extend: module.exports, enabled: false })'
  return 'module.exports = class {}'
}

const common = {
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['koffi'],
  minifySyntax: true,
  plugins: [lean],
  logLevel: 'warning',
} satisfies BuildOptions

rmSync(dist, { recursive: true, force: true })
// One file for all commands, whose compiled code can be kept (commands/shared/code-cache.ts); modules in it run when asked for.
await build({
  ...common,
  entryPoints: {
    nstopo: `${root}commands/shared/front.ts`,
    program: `${root}commands/shared/dispatch.ts`,
    'namespaces-thread': `${root}src/kernel/namespaces-thread.ts`,
    'settings-thread': `${root}src/kernel/settings-thread.ts`,
  },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
})
writeFileSync(`${dist}/program.cjs`, escaped(readFileSync(`${dist}/program.cjs`, 'utf8')))
await build({
  ...common,
  entryPoints: { index: `${root}src/index.ts` },
  format: 'esm',
  // What is CommonJS asks for `require`, which modules do not have.
  banner: { js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);" },
})
chmodSync(`${dist}/nstopo.cjs`, 0o755)
cpSync(`${root}commands/shared/rc`, `${dist}/rc`, { recursive: true })
writeFileSync(`${dist}/commands.json`, JSON.stringify(await makePages()))
execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}tsconfig.types.json`], { stdio: 'inherit' })

/** Esbuild writes ASCII but in regular expressions; the front door reads one byte a character. */
function escaped(text: string): string {
  return text.replace(/[^\p{ASCII}]/gu, character => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}
