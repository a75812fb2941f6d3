import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inFolder, nstopo, root, twoHosts } from './program.js'

describe('commands: how they are called', () => {
  it('a wrong flag, word or command is bad usage, with a way on', () => {
    for (const [words, hint] of [
      [['up', '--stric'], /did you mean --strict/],
      [['ls', 'branch'], /nstopo help ls/],
      [['vaildate'], /did you mean validate/],
      [['pu'], /did you mean up/],
      [['up', '--nmae', 'x'], /did you mean --name/],
      [['lab.yaml'], /nstopo up lab\.yaml/],
      [['graph', '--format', 'png'], /text, mermaid, dot/],
      [['exec', 'h1'], /nstopo exec h1 -- COMMAND/],
      [['completion'], /nstopo help completion/],
    ] as const) {
      const { status, stdout, stderr } = nstopo(words)
      assert.equal(status, words[0] === 'exec' ? 125 : 2, words.join(' '))
      assert.equal(stdout, '')
      assert.match(stderr, /bad-usage/)
      assert.match(stderr, hint)
    }
  })

  it('with --json that is a document too', () => {
    const { status, stdout, stderr } = nstopo(['up', '--bogus', '--json'])
    assert.deepEqual([status, stderr], [2, ''])
    assert.equal(JSON.parse(stdout).diagnostics[0].code, 'bad-usage')
    assert.equal(JSON.parse(nstopo(['ls', 'x'], { env: { NSTOPO_JSON: '1' } }).stdout).status, 2)
  })

  it('a flag has a twin in the environment, what could destroy has none', () => {
    const lonely = 'nodes: {h1: {}}\n'
    inFolder({ 'lab.yaml': lonely, 'other.yaml': twoHosts }, cwd => {
      assert.equal(nstopo(['validate', 'lab.yaml'], { cwd }).status, 0)
      assert.equal(nstopo(['validate', 'lab.yaml'], { cwd, env: { NSTOPO_VALIDATE_STRICT: '1' } }).status, 2)
      assert.equal(nstopo(['down'], { cwd, env: { NSTOPO_DOWN_ALL: '1' } }).stdout.includes('is down'), false)
    })
  })

  it('a standard output that takes nothing is told in a line, and a reader who goes away is no error', () => {
    const shell = (line: string) =>
      spawnSync('sh', ['-c', line, process.execPath, join(root, 'dist/nstopo.cjs')], { encoding: 'utf8' })
    const full = shell('"$0" "$1" help > /dev/full')
    assert.equal(full.status, 74)
    assert.match(full.stderr, /^error: standard output can’t be written: ENOSPC.*\n$/)
    assert.deepEqual(shell('{ "$0" "$1" help; echo $? >&2; } | true').stderr, '0\n')
  })

  it('help names every flag of every command; -q is silent; nothing is coloured but on a terminal', () => {
    const { stdout } = nstopo(['help'])
    const commands = [...stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map(match => match[1]!)
    assert.ok(commands.length >= 14)
    for (const command of commands) {
      const help = nstopo([command, '--help'])
      assert.equal(help.status, 0)
      assert.deepEqual(help.stdout, nstopo(['help', command]).stdout)
    }
    inFolder({ 'lab.yaml': twoHosts }, cwd => {
      assert.equal(nstopo(['validate', '-q'], { cwd }).stdout, '')
      assert.ok(!nstopo(['graph'], { cwd }).stdout.includes('\x1b'))
    })
  })
})
