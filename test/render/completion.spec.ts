import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderCompletion } from '../../src/render/completion.js'
import type { CommandPage } from '../../src/render/help.js'

const pages: readonly CommandPage[] = [
  {
    ...{ id: 'up', aliases: ['deploy'], summary: 'it’s up', usage: '', examples: [] },
    args: [{ name: 'FILE', description: '', required: false }],
    flags: [{ name: 'strict', summary: 'be strict', multiple: false }],
  },
  {
    ...{ id: 'exec', aliases: [], summary: 'run', usage: '', examples: [] },
    args: [
      { name: 'LAB', description: '', required: false },
      { name: 'NODE', description: '', required: true },
    ],
    flags: [{ name: 'node', char: 'n', summary: 'nodes', value: 'NODE,...', multiple: false }],
  },
  {
    ...{ id: 'graph', aliases: [], summary: 'draw', usage: '', examples: [] },
    args: [],
    flags: [{ name: 'format', summary: 'how', value: 'FORMAT', options: ['dot', 'mermaid'], multiple: false }],
  },
]

/** What bash offers after these words, with two labs and their nodes. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${renderCompletion('bash', pages)}
_nstopo_labs() { echo branch; echo other; }
_nstopo_nodes() { echo "node-of-\${1:-any}"; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nstopo; printf '%s\\n' "\${COMPREPLY[@]}"`
  const output = execFileSync('bash', ['-c', script, 'bash', 'nstopo', ...words], { encoding: 'utf8' })
  return output.split('\n').filter(line => line !== '')
}

describe('render: completion', () => {
  it('offers commands, flags, labs, nodes and options to bash', () => {
    assert.deepEqual(offered(''), ['up', 'deploy', 'exec', 'graph'])
    assert.deepEqual(offered('up', '--'), ['--help', '--strict'])
    assert.deepEqual(offered('deploy', '--s'), ['--strict'])
    assert.deepEqual(offered('exec', 'b'), ['branch'])
    assert.deepEqual(offered('exec', 'branch', 'n'), ['node-of-branch'])
    assert.deepEqual(offered('exec', '-n', 'n'), ['node-of-any'])
    assert.deepEqual(offered('graph', '--format', 'd'), ['dot'])
  })

  it('completes a command after --, as bash does', () => {
    assert.ok(offered('exec', 'h1', '--', 'prin').includes('printf'))
  })

  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    it(`names every command to ${shell}`, () => {
      const script = renderCompletion(shell, pages)
      for (const page of pages) assert.ok(script.includes(page.id))
    })
  }
})

describe('render: completion of names that mean harm', () => {
  it('runs nothing that stands in the name of a namespace', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nstopo-names-'))
    try {
      for (const name of ['lab.h1', 'lab.$(touch ran)', 'lab.`touch ran`', 'lab.${x:=$(touch ran)}', 'lab.h 2'])
        writeFileSync(join(folder, name), '')
      const script = `${renderCompletion('bash', pages).replaceAll('/run/netns', folder)}
COMP_WORDS=(nstopo exec lab ''); COMP_CWORD=3; _nstopo; printf '%s\\n' "\${COMPREPLY[@]}"`
      const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: folder })
      assert.equal(output, 'h1\n')
      assert.equal(existsSync(join(folder, 'ran')), false)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
