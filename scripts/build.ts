/** The sources in; dist/ out: the program, each command in a chunk that is loaded when it is run, and the library. */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { makePages } from '../commands/shared/pages.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const dist = `${root}dist`

/**
 * What oclif's command and parser load but never reach here, since our front door finds the command, prints its help
 * and reads no configuration from disk. Without it every command starts some milliseconds sooner.
 */
const unused =
  /^(ejs|debug|semver|minimatch|tinyglobby|lilconfig|wsl-utils|wrap-ansi|widest-line|indent-string|clean-stack|ansi-escapes|string-width|is-wsl)$/
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

rmSync(dist, { recursive: true, force: true })
await build({
  entryPoints: { nstopo: `${root}commands/shared/front.ts`, index: `${root}src/index.ts` },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['koffi'],
  minifySyntax: true,
  plugins: [lean],
  // What is CommonJS asks for `require`, which modules do not have.
  banner: { js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);" },
  logLevel: 'warning',
})
chmodSync(`${dist}/nstopo.js`, 0o755)
cpSync(`${root}commands/shared/rc`, `${dist}/rc`, { recursive: true })
writeFileSync(`${dist}/commands.json`, JSON.stringify(await makePages()))
execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}tsconfig.types.json`], { stdio: 'inherit' })
