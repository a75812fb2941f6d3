import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inFolder, labName, nstopo, root, twoHosts } from './program.js'

/** The words run on a terminal of their own (script(1)), with what is typed there; what the terminal shows. */
function onTerminal(words: readonly string[], cwd: string, { typed = '', env = {} } = {}) {
  const line = [process.execPath, join(root, 'dist/nstopo.cjs'), ...words].map(word => `'${word}'`).join(' ')
  const { PATH = '' } = process.env
  return spawnSync('script', ['-eqc', line, '/dev/null'], {
    ...{ encoding: 'utf8', cwd, input: typed, env: { PATH, HOME: cwd, TERM: 'xterm', ...env } },
  })
}

describe('commands: on a terminal', () => {
  it('have colours, unless NO_COLOR says no', () => {
    inFolder({ 'lab.yaml': twoHosts, 'bad.yaml': 'nodes: {h1: {kind: toaster}}' }, cwd => {
      assert.ok(onTerminal(['graph'], cwd).stdout.includes('\x1b['))
      assert.ok(!onTerminal(['graph'], cwd, { env: { NO_COLOR: '1' } }).stdout.includes('\x1b['))
      assert.match(onTerminal(['validate', 'bad.yaml'], cwd).stdout, /\x1b\[.*error/)
    })
  })

  for (const shell of ['/bin/bash', '/bin/sh']) {
    it(`shell opens ${shell}, whose prompt names the node, with the user’s own settings`, () => {
      const lab = labName(`shell-${shell.length}`)
      inFolder({ 'lab.yaml': `name: ${lab}\n${twoHosts}`, '.bashrc': 'alias mine="echo own"' }, cwd => {
        try {
          assert.equal(nstopo(['up'], { cwd }).status, 0)
          const typed = 'cat /proc/net/dev; mine; exit 3\n'
          const { stdout, status } = onTerminal(['shell', 'h1'], cwd, { typed, env: { SHELL: shell } })
          assert.equal(status, 3, stdout)
          assert.ok(stdout.includes(`[${lab}:h1]`), stdout)
          assert.ok(stdout.includes('eth0'), stdout)
          if (shell === '/bin/bash') assert.match(stdout, /^own/m)
        } finally {
          nstopo(['down', lab])
        }
      })
    })
  }

  it('show a bar when the work takes long', () => {
    const lab = labName('bar')
    const nodes = Array.from({ length: 1000 }, (_, number) => `n${number}`)
    const links = nodes.slice(1).map((node, number) => `  - [${nodes[number]}, ${node}]\n`)
    inFolder({ 'lab.yaml': `name: ${lab}\nnodes: {${nodes.join(': , ')}: }\nlinks:\n${links.join('')}` }, cwd => {
      try {
        const { stdout } = onTerminal(['up'], cwd)
        assert.match(stdout, /█/)
        assert.match(stdout, /is up: 1000 nodes, 999 links/)
        assert.equal(
          execFileSync('ip', ['-n', `${lab}.n999`, '-br', 'link'], { encoding: 'utf8' }).includes('eth0'),
          true,
        )
      } finally {
        nstopo(['down', lab])
      }
    })
  })
})
