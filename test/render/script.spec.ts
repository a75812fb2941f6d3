import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { renderScript } from '../../src/render/script.js'

/** The script, run by sh with a `show` that prints its words, one NUL-ended each. */
function run(commands: readonly (readonly string[])[]): readonly string[] {
  const script = renderScript('lab', commands).replace('set -e', `set -e\nshow() { printf '%s\\0' "$@"; }`)
  return execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH } })
    .split('\0')
    .slice(0, -1)
}

describe('render: a plan as a script', () => {
  const hostile = [
    "a'b",
    '$(touch x)',
    '`id`',
    'a\nb',
    '; id',
    '"',
    '\\',
    '',
    '-n',
    '~',
    '*',
    'a=b',
    '#x',
    '!!',
    '&&',
    "'\\''",
  ]

  it('hands every word to its command as it is', () => {
    assert.deepEqual(run([['show', ...hostile]]), hostile)
  })

  it('does so for any words', () => {
    const word = fc.string({ unit: 'binary' }).map(text => Buffer.from(text).toString().replaceAll('\0', ''))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), words => {
        assert.deepEqual(run([['show', ...words]]), words)
      }),
      { numRuns: 25 },
    )
  })

  it('stops at the first command that fails', () => {
    assert.throws(() => run([['false'], ['show', 'reached']]))
  })

  it('keeps a lab’s name from ending its comment', () => {
    assert.ok(!renderScript('a\nrm', []).includes('\nrm'))
  })
})
