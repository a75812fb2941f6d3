import assert from 'node:assert/strict'
import { error, warning } from '../../src/diagnostic.js'
import { parse } from '../../src/passes/parse.js'
import { diagnosticJson, renderDiagnostics, summary } from '../../src/render/diagnostics.js'

function documentOf(text: string) {
  return parse({ text, label: 'lab.yaml', variables: {}, environment: {} }).document
}

const plain = { colour: false }

describe('renderDiagnostics', () => {
  it('gives place, message, code, line, caret, other places and hint', () => {
    const document = documentOf('a:\n  b: word\n  c: 1\n')
    const found = error('bad-value', 'no such word', ['a', 'b'], {
      hint: 'write another',
      also: [{ at: { path: ['a', 'c'], key: true }, message: 'because of this' }],
    })
    const expected = `lab.yaml:2:6  error: no such word  [bad-value]
    2 |   b: word
      |      ^^^^
    3 |   c: 1
      |   - because of this
   hint: write another
`
    assert.equal(renderDiagnostics([found], document, plain), expected)
  })

  it('puts the caret below what is meant, behind tabs, wide and combining characters', () => {
    const document = documentOf('a: ["東京", "e\u0301",\t"🗼", x]')
    const lines = renderDiagnostics([error('bad-value', 'm', ['a', 3])], document, plain).split('\n')
    assert.equal(
      lines[2],
      `      | ${' '.repeat('a: ["'.length + 4 + '", "'.length + 1 + '",  "'.length + 2 + '", '.length)}^`,
    )
  })

  it('is in the order of the file, and says what has no place first', () => {
    const document = documentOf('a: 1\nb: 2\n')
    const found = [
      error('bad-value', 'second', ['b']),
      warning('lonely-node', 'first', ['a']),
      error('bad-usage', 'none'),
    ]
    const heads = renderDiagnostics(found, document, plain)
      .split('\n')
      .filter(line => line.includes('['))
    assert.deepEqual(heads, [
      'error: none  [bad-usage]',
      'lab.yaml:1:4  warning: first  [lonely-node]',
      'lab.yaml:2:4  error: second  [bad-value]',
    ])
  })

  it('shows the first of many that are the same, and counts the rest', () => {
    const text = Array.from({ length: 30 }, (_, i) => `k${i}: 1`).join('\n')
    const document = documentOf(text)
    const many = Array.from({ length: 30 }, (_, i) => warning('lonely-node', `no ${i}`, [`k${i}`]))
    const lines = renderDiagnostics([...many, error('bad-value', 'm', ['k7'])], document, plain).split('\n')
    assert.deepEqual(
      lines.filter(line => line.includes('[lonely-node]')).map(line => line.split('  ').slice(0, -1).join('  ')),
      [
        ...[0, 1, 2, 3, 4].map(i => `lab.yaml:${i + 1}:5  warning: no ${i}`),
        'warning: 25 more like these, on lines 6, 7, 8, 9, 10, 11, 12, 13 and others; --json has all',
      ],
    )
    assert.equal(lines.filter(line => line.includes('[bad-value]')).length, 1)
    assert.match(
      renderDiagnostics(many.slice(0, 7), document, plain),
      /2 more like these, on lines 6, 7; --json has all/,
    )
    assert.doesNotMatch(renderDiagnostics(many.slice(0, 5), document, plain), /more like/)
  })

  it('does without a document', () => {
    assert.equal(renderDiagnostics([error('not-up', 'gone', ['x'])], undefined, plain), 'error: gone  [not-up]\n')
  })

  it('never sends a terminal what the file says', () => {
    const document = documentOf('a: 1\n')
    const text = renderDiagnostics([error('bad-value', 'x\x1b[31m\u202e\ny', ['a'])], document, plain)
    assert.equal(/[\x00-\x09\x0b-\x1f\x7f\u202e]/.test(text), false)
  })

  it('colours only when asked', () => {
    const found = [error('not-up', 'gone')]
    assert.equal(renderDiagnostics(found, undefined, plain).includes('\x1b'), false)
    assert.equal(renderDiagnostics(found, undefined, { colour: true }).includes('\x1b[31m'), true)
  })
})

describe('diagnosticJson', () => {
  it('gives the place with its end', () => {
    const document = documentOf('a:\n  b: word\n')
    const found = error('bad-value', 'm', ['a', 'b'], { also: [{ at: { range: [0, 1] }, message: 'here' }] })
    assert.deepEqual(diagnosticJson(found, document), {
      ...{ code: 'bad-value', severity: 'error', message: 'm', file: 'lab.yaml' },
      ...{ line: 2, column: 6, endLine: 2, endColumn: 10 },
      also: [{ message: 'here', line: 1, column: 1 }],
    })
  })
})

describe('summary', () => {
  it('counts', () => {
    const [one, two] = [error('not-up', ''), warning('lonely-node', '')]
    assert.equal(summary([one, two, one]), '2 errors, 1 warning')
    assert.equal(summary([two]), '1 warning')
    assert.equal(summary([]), '')
  })
})
