/** The sources in; dist/ out: the program, its front door apart, the init of hosts, and the library. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { makePages } from '../commands/shared/pages.js'
import { withShell } from './front.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const dist = `${root}dist`

/**
 * What oclif's command and parser load but never reach here, since our front door finds the command, prints its help
 * and reads no configuration from disk. Without it every command starts some milliseconds sooner.
 */
const unused =
  /^(ejs|debug|ansis|supports-color|semver|minimatch|tinyglobby|lilconfig|wsl-utils|wrap-ansi|widest-line|indent-string|clean-stack|ansi-escapes|string-width|is-wsl|node:readline|node:fs\/promises)$/
const unusedOwn = /\/(config|plugin-loader|screen|ux|help|help\/index|action\/(spinner|simple))$/

const lean: Plugin = {
  name: 'lean',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const ours = importer.includes('/@oclif/core/lib/') && (unused.test(path) || unusedOwn.test(path))
      return ours ? { path, namespace: 'unused' } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: contentsOf(path), loader: 'js' }))
    onLoad({ filter: /\/@oclif\/core\/lib\/command\.js$/ }, ({ path }) => ({ contents: unheard(path) }))
  },
}

/** Oclif's command listens to the standard output, which takes Node some time to make. The front door does, where there is one. */
function unheard(path: string): string {
  const text = readFileSync(path, 'utf8')
  const without = text.replace(/^process\.stdout\.on\(.*?^\}\);$/ms, '')
  if (without === text) throw new Error(`${path} does not listen as it did`)
  return without
}

/** A debug that says nothing; anything else is an empty object. */
function contentsOf(path: string): string {
  if (path === 'debug')
    return 'module.exports = () => Object.assign(() => {}, { extend: module.exports, enabled: false })'
  return 'module.exports = class {}'
}

/** Loaded when something of theirs is used first, not where they are named: of a start, some take as long as all of ours. */
const late: Plugin = {
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: /^(ansis|yaml|node:(crypto|child_process|dgram|https?|net|tls|worker_threads|zlib))$/ },
      ({ path, importer, namespace }) =>
        namespace === 'late' || importer.includes('/node_modules/') ? undefined : { path, namespace: 'late' },
    )
    onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => ({
      contents: await lateContents(path),
      resolveDir: root,
    }))
  },
}

/** A CommonJS module with a getter for each name. */
async function lateContents(path: string): Promise<string> {
  const names = Object.keys(await import(path)).filter(name => name !== 'default')
  const getters = names.map(name => `get ${JSON.stringify(name)}(){return load().${name}}`)
  return `const load=()=>require(${JSON.stringify(path)});module.exports={${getters.join(',')}}`
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

const commonJs = {
  format: 'cjs',
  plugins: [lean, late],
  inject: [`${root}scripts/performance.ts`],
  // Read whole at every start: a third less of it is two milliseconds.
  minifyWhitespace: true,
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
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
    supervisor: `${root}src/supervisor/main.ts`,
  },
  ...commonJs,
})
writeFileSync(`${dist}/program.cjs`, escaped(readFileSync(`${dist}/program.cjs`, 'utf8')))
await buildLibrary()
writeFileSync(`${dist}/nstopo.cjs`, withShell(readFileSync(`${dist}/nstopo.cjs`, 'utf8')))
chmodSync(`${dist}/nstopo.cjs`, 0o755)
cpSync(`${root}commands/shared/rc`, `${dist}/rc`, { recursive: true })
writeFileSync(`${dist}/commands.json`, JSON.stringify(await makePages()))
buildInit()
execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}tsconfig.types.json`], { stdio: 'inherit' })
// The same types again for programs that `require`: how a file was imported is told by the folder that it is in.
cpSync(`${dist}/types`, `${dist}/types-cjs`, { recursive: true })
writeFileSync(`${dist}/types-cjs/package.json`, '{"type":"commonjs"}')

/**
 * The library and the fixtures: CommonJS, and modules that hand on what is in there, so that a program that has both has one
 * thread in one place (kernel/thread.ts).
 */
async function buildLibrary(): Promise<void> {
  const outdir = `${dist}/fixture`
  const entriesOf = (...names: readonly string[]) =>
    Object.fromEntries(names.map(name => [name, `${root}src/fixture/${name}.ts`]))
  await build({ ...common, ...commonJs, entryPoints: { index: `${root}src/index.ts`, ...entriesOf('rootless') } })
  const modules = entriesOf('mocha', 'node-test', 'vitest')
  await build({ ...common, format: 'esm', external: ['vitest'], outdir, entryPoints: modules })
  await build({ ...common, ...commonJs, outdir, entryPoints: entriesOf('jest') })
  writeFileSync(`${dist}/index.js`, "export * from './index.cjs'\n")
}

/** One small program in C: what becomes a host's init has one thread and no libraries, where libc can be linked in. */
function buildInit(): void {
  const folder = `${root}native/init`
  const sources = readdirSync(folder).filter(name => name.endsWith('.c'))
  const compile = (...options: readonly string[]) =>
    spawnSync('cc', ['-O2', '-Wall', '-Wextra', ...options, '-o', `${dist}/init`, ...sources], {
      cwd: folder,
      encoding: 'utf8',
    })
  const made = [['-static'], []].map(options => () => compile(...options)).find(run => run().status === 0)
  if (made) return
  const { error, stderr } = compile()
  const missing = error && 'code' in error && error.code === 'ENOENT'
  throw new Error(missing ? 'building nstopo takes a C compiler: apt-get install gcc libc6-dev' : `cc: ${stderr}`)
}

/** Esbuild writes ASCII but in regular expressions; the front door reads one byte a character. */
function escaped(text: string): string {
  return text.replace(/[^\p{ASCII}]/gu, character => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}
