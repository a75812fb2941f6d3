/** The quick reader's law: whatever it returns, the `yaml` package's way returns too. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Lexer } from 'yaml'
import { keysOf, type Mapping, type Value } from '../../src/model/document.js'
import { quick, readQuickly } from '../../src/passes/parse/quick.js'
import { refusedText } from '../../src/passes/parse/text.js'
import { thorough } from '../../src/passes/parse/thorough.js'
import { hostileWord, mutated, mutationBy } from './parse-mutations.js'

const own = new URL('../../', import.meta.url)

/** The topologies in a folder or one below; none of a folder that this machine does not have. */
function textsIn(folder: string): readonly string[] {
  const url = new URL(folder, own)
  if (!existsSync(url)) return []
  const names = readdirSync(url, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.yaml'))
  return names.sort().map(name => readFileSync(new URL(name, url), 'utf8'))
}

/** With each mapping as a list of its entries, in the order of the file. */
function ordered(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(ordered)
  assert.equal(Object.getPrototypeOf(value), null)
  return { entries: keysOf(value).map(key => [key, ordered((value as Mapping)[key]!)]) }
}

/** Whether the quick reader took the text; the law holds then. */
function holds(text: string): boolean {
  const value = refusedText(text) ? undefined : quick(text)
  if (value === undefined) return false
  const expected = thorough(text)
  assert.deepEqual(expected.diagnostics, [], text)
  assert.deepEqual(ordered(value), ordered(expected.value), text)
  const words = [...new Lexer().lex(text)].length
  assert.ok(words <= readQuickly(text)!.words, `${words} words: ${text}`)
  return true
}

const everyStyle = `# all that it reads
name: x-\${A}
nodes:
    a: { b: , c, "d": [1, 'e'], "f":1, g: ::/0, h: -1 } # behind
    10:

    2: ~
# further left
"m n": 'null'
o : p#q r, [s]
items:
- t: u
  v:
  - w

  -
  - - x
    - y: z
- [ a:b,
    c d ,   # inside
 { e: [
   ], f },
]
`

const json = '{"nodes": {"a": null, "b": [1, {"c":"d"}], "e": []},\n "links":\n  [["f", "g"]\n ]\n}\n'

describe('quick', () => {
  const topologies = [...textsIn('topologies/'), ...textsIn('../shared/labs/zoo/')]
  const cases = textsIn('test/cases/')

  it('reads every topology that we ship without texts of several lines, and every style of the subset', () => {
    const plain = topologies.filter(text => !/\\n|\|$/m.test(text))
    for (const text of [...plain, everyStyle, json]) assert.ok(holds(text), text)
  })

  it('is right about every case', () => {
    assert.ok(cases.filter(holds).length > cases.length / 2)
  })

  it('reads labs of ten thousand nodes, and counts hardly more words than the package', () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => `  n${i}: { routes: [{ to: default, via: 10.0.0.0 }] }`)
    const links = nodes.map((_, i) => `  - [n${i}:a 10.0.0.0/31 fd00:0:0:1::1/64, n${i + 1}:b]`)
    const text = ['nodes:', ...nodes, 'links:', ...links, ''].join('\n')
    assert.notEqual(quick(text), undefined)
    assert.ok(readQuickly(text)!.words < 1.1 * [...new Lexer().lex(text)].length)
  })

  it('leaves all else to the package', () => {
    const left = [
      '',
      '# nothing',
      'a',
      '- a\nb: c',
      'a: &x b',
      'a: *x',
      'a: !x b',
      'a: { <<: b }',
      'a: |\n  b',
      'a: b\n  c',
      'a: [b\n  c]',
      'a: "b\n  c"',
      'a: "\\n"',
      "a: 'b''c'",
      'a:\tb',
      'a: b\r\nc: d',
      '---\na: b',
      'a: b\n...\n',
      '%YAML 1.2\n---\na: b',
      '? a\n: b',
      'a: 1\na: 2',
      'a: { b: 1, b: 2 }',
      'a: b: c',
      'a: - b',
      'a: [b: c]',
      'a: [b, , c]',
      'a: [b',
      'a: [b,\nc]',
      'a: [b]]',
      'a: "b" c',
      'a: @b',
      'a: [b,#c\n d]',
      'a: { b: "c"\n#\n }',
      'a:\n   b: c\n  d: e',
      `${'k'.repeat(1025)}: a`,
      `a: ${'['.repeat(101)}${']'.repeat(101)}`,
      'a:\n'.repeat(200_000),
    ]
    for (const text of left) assert.equal(quick(text), undefined, text.slice(0, 80))
  })

  const sign = fc.constantFrom(
    ...' \n:#,[]{}-"\'?',
    '\n  ',
    ': ',
    ' #',
    '- ',
    '\n- ',
    '::',
    'a',
    '1',
    '"a"',
    'null',
    'é',
  )

  it('is right about any text that was a topology before somebody edited it', () => {
    const texts = fc.constantFrom(everyStyle, json, ...topologies, ...cases)
    const edits = fc.array(mutationBy(fc.oneof(sign, hostileWord)), { minLength: 1, maxLength: 3 })
    let taken = 0
    const edited = fc.property(texts, edits, (text, each) => {
      if (text.length < 5000 && holds(each.reduce(mutated, text))) taken++
    })
    fc.assert(edited, { numRuns: 1500 })
    assert.ok(taken > 100)
  })

  it('is right about any heap of signs', () => {
    const begin = fc.constantFrom('', 'a: ', 'a:\n  ', '- ', '[', '{', 'a: [', 'a: { ')
    const end = fc.constantFrom('', ']', '}', ']}')
    const signs = fc.array(sign, { maxLength: 9 })
    let taken = 0
    const heap = fc.property(begin, signs, end, (first, between, last) => {
      if (holds(first + between.join('') + last)) taken++
    })
    fc.assert(heap, { numRuns: 20_000 })
    assert.ok(taken > 500)
  })
})
