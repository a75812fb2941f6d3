/** What a command loads before it does its work: every start takes that long. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPrivateMachine } from '../support/private-machine.js'
import { inFolder, program, twoHosts } from './program.js'

/** The modules of Node's that take longer than the work on a small lab. */
const heavy = ['child_process', 'crypto', 'http', 'net', 'perf_hooks', 'stream', 'tls', 'worker_threads', 'zlib']

const telling = `process.on('exit', () => require('node:fs').appendFileSync(process.env.LOADED, process.moduleLoadList.join('\\n')))`

/** What Node loads beyond what it does for an empty program, when this is run in a machine of its own. */
function loaded(folder: string, script: string): readonly string[] {
  writeFileSync(join(folder, 'telling.cjs'), telling)
  const all = [`"$0" -e 0`, script].map((words, index) => {
    const file = join(folder, `loaded${index}`)
    const [command = '', ...rest] = inPrivateMachine('sh', '-c', words, process.execPath, program)
    const env = { ...process.env, NODE_OPTIONS: `--require ${folder}/telling.cjs`, LOADED: file }
    const { status } = spawnSync(command, rest, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
    assert.equal(status, 0)
    return readFileSync(file, 'utf8').split('\n')
  })
  const [empty = [], found = []] = all
  return found.filter(name => !empty.includes(name)).map(name => name.replace(/^NativeModule /, ''))
}

describe('commands: what a start loads', () => {
  for (const [name, script, but] of [
    ['run', '"$1" run lab.yaml -- true', process.versions.v8.startsWith('11.') ? ['stream'] : []],
    ['up', '"$0" "$1" up lab.yaml && env NODE_OPTIONS= "$0" "$1" down', ['stream']],
  ] as const)
    it(`${name} of a small lab loads no module of Node’s that it can do without`, () => {
      const found = inFolder({ 'lab.yaml': twoHosts }, folder => loaded(folder, script))
      assert.deepEqual(
        found.filter(module => heavy.includes(module)),
        but,
      )
      assert.ok(found.includes('vm'), 'it loaded nothing')
    })
})
