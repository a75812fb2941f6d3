import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needs } from '../support/needs.js'
import { labName, root, twoHosts } from './program.js'

/** What a program says to the library; `net` is typed, or the last line would be no mistake. */
const uses = (libraryOf: string) => `${libraryOf}
export async function look(): Promise<string> {
  await using net = await nstopo.lab({ nodes: { h1: {} }, links: [{ endpoints: ['h1', 'h1'] }] })
  await net.apply(file => { file.links = [] })
  const planned = await nstopo.plan(nstopo.source('nodes: { a: }'), nstopo.simulated())
  const { stdout } = await net.node('h1').exec('true')
  // @ts-expect-error
  net.node(1)
  return stdout + nstopo.version + String(planned)
}
`

describe('the package', () => {
  let folder = ''
  const lab = labName('packed')
  /** Outside of the checkout, and with no compiler to be found. */
  const run = (...words: readonly string[]) => {
    const env = { PATH: `${join(process.execPath, '..')}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: folder }
    return spawnSync(join(folder, 'bin/nstopo'), words, { encoding: 'utf8', cwd: folder, env })
  }

  before(function () {
    needs(this, 'registry')
    folder = mkdtempSync(join(tmpdir(), 'nstopo-package-'))
    // The tests run after the build; a second one would pull the program out from under the others.
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
    const [tarball] = readdirSync(folder).filter(name => name.endsWith('.tgz'))
    // Without scripts nothing can be compiled. What npm has in its cache needs no network.
    const install = [
      'install',
      '--global',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--prefer-offline',
      join(folder, tarball!),
    ]
    execFileSync('npm', install, { cwd: folder, stdio: 'pipe' })
    writeFileSync(join(folder, 'lab.yaml'), twoHosts)
  })

  after(() => {
    if (!folder) return
    run('down', lab)
    rmSync(folder, { recursive: true })
  })

  it('brings koffi and nothing else', () => {
    const inside = join(folder, 'lib/node_modules/nstopo')
    const packages = readdirSync(join(inside, 'node_modules')).filter(name => !name.startsWith('.'))
    assert.deepEqual(
      packages.filter(name => name !== '@koromix'),
      ['koffi'],
    )
  })

  it('has types that need no other package, for modules and for CommonJS', () => {
    const project = join(folder, 'typed')
    mkdirSync(project)
    symlinkSync(join(folder, 'lib/node_modules'), join(project, 'node_modules'))
    writeFileSync(join(project, 'module.mts'), uses("import * as nstopo from 'nstopo'\nimport 'nstopo/mocha'"))
    writeFileSync(join(project, 'common.cts'), uses("import nstopo = require('nstopo')"))
    // Node's own types are the one thing that the project has to have; what is in our checkout is out of sight.
    const node = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] }
    const options = { strict: true, skipLibCheck: false, noEmit: true, module: 'nodenext', target: 'es2023', ...node }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { encoding: 'utf8' })
    assert.deepEqual([stdout, status], ['', 0])
  })

  it('says its version', () => {
    assert.deepEqual(run('--version').stdout, `${process.env.npm_package_version ?? '0.1.0'}\n`)
  })

  it('validates a file', () => {
    const { status, stdout } = run('validate', '--name', lab, 'lab.yaml')
    assert.deepEqual([status, stdout], [0, `${lab} is valid: 2 nodes, 1 link\n`])
  })

  it('brings a lab up, runs a command in it, and takes it down', () => {
    const up = run('up', '--name', lab, 'lab.yaml')
    assert.equal(up.status, 0, up.stderr)
    assert.equal(run('exec', lab, 'h1', '--', 'ping', '-c1', '-W5', '10.0.0.2').status, 0)
    assert.equal(run('down', lab).status, 0)
    assert.ok(!run('ls', '-q').stdout.includes(lab))
  })
})
