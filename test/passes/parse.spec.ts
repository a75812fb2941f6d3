import assert from 'node:assert/strict'
import { keysOf, type Mapping, type Source } from '../../src/model/document.js'
import { parse } from '../../src/passes/parse.js'

function source(text: string, more: Partial<Source> = {}): Source {
  return { text, label: 'lab.yaml', variables: {}, environment: {}, ...more }
}

/** The value, plain, of a text without mistakes. */
function value(text: string, more: Partial<Source> = {}): unknown {
  const { document, diagnostics } = parse(source(text, more))
  assert.deepEqual(diagnostics, [])
  return JSON.parse(JSON.stringify(document.value))
}

describe('parse', () => {
  it('leaves plain scalars as the text that stands in the file', () => {
    const text = 'a: [1, 01, 1e3, NO, true, 0x10, "5", "null", null, ~, !!str null]\nb:'
    assert.deepEqual(value(text), {
      a: ['1', '01', '1e3', 'NO', 'true', '0x10', '5', 'null', null, null, 'null'],
      b: null,
    })
  })

  it('keeps the order of keys, those that look like numbers too', () => {
    const { document } = parse(source('nodes: { b: , 10: , a: , 2: , 02: }'))
    const nodes = (document.value as Mapping).nodes as Mapping
    assert.deepEqual(keysOf(nodes), ['b', '10', 'a', '2', '02'])
  })

  it('takes __proto__ and constructor for ordinary keys', () => {
    const { document } = parse(source('nodes: { __proto__: { a: 1 }, constructor: 2 }'))
    const nodes = (document.value as Mapping).nodes as Mapping
    assert.deepEqual(Object.keys(nodes), ['__proto__', 'constructor'])
    assert.equal(nodes.a, undefined)
  })

  it('expands aliases and merges: own keys win, then the first of several', () => {
    const text = 'a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: [*a, *b], z: 3 }\nd: { x: 4, <<: *a }\ne: *b'
    const { c, d, e } = value(text) as Record<string, unknown>
    assert.deepEqual(
      [c, d, e],
      [
        { x: '1', y: '1', z: '3' },
        { x: '4', y: '1' },
        { y: '2', z: '2' },
      ],
    )
  })

  it('makes copies of what aliases stand for', () => {
    const { document } = parse(source('a: &a { x: 1 }\nb: *a'))
    const { a, b } = document.value as Mapping
    assert.deepEqual(a, b)
    assert.notEqual(a, b)
  })

  it('says where values and keys stand, through aliases and merges too', () => {
    const text = 'a: &a\n  x: [1, two]\nb:\n  <<: *a\n  y: *a\nc:\n'
    const { document } = parse(source(text))
    const at = (path: (string | number)[], key?: boolean) => {
      const { line, column, start, end } = document.place(path, key)
      return [line, column, text.slice(start, end)]
    }
    assert.deepEqual(at(['a', 'x', 1]), [2, 10, 'two'])
    assert.deepEqual(at(['b', 'x', 1]), [2, 10, 'two'])
    assert.deepEqual(at(['b', 'y', 'x', 0]), [2, 7, '1'])
    assert.deepEqual(at(['b', 'y'], true), [5, 3, 'y'])
    assert.deepEqual(at(['c']), [6, 1, 'c'])
    assert.deepEqual(at(['a', 'nope', 3]), [2, 3, 'x: [1, two]'])
  })

  it('counts lines as editors do, whatever ends them', () => {
    const { document } = parse(source('a: 1\r\nb: 2\r\n'))
    assert.deepEqual(document.place(['b']), { line: 2, column: 4, start: 9, end: 10 })
    assert.deepEqual(document.range(0, 1), { line: 1, column: 1, start: 0, end: 1 })
  })

  describe('variables', () => {
    const given = { variables: { A: 'set' }, environment: { A: 'env', B: 'env', EMPTY: '' } }

    it('replaces from --set, then from the environment, then by the default', () => {
      const text = 'a: ${A}\nb: x${B}y\nc: ${C:-none}\nd: "${EMPTY:-none}"\ne: "${EMPTY}"\nf: ${A:?why}'
      assert.deepEqual(value(text, given), { a: 'set', b: 'xenvy', c: 'none', d: 'none', e: '', f: 'set' })
    })

    it('remembers those it used', () => {
      const { document } = parse(source('name: l-${A}\nb: ${B}\nc: ${C:-none}', given))
      assert.deepEqual(document.used, { A: 'set', B: 'env' })
    })

    it('never looks at prototypes', () => {
      const { diagnostics } = parse(source('a: ${constructor}'))
      assert.deepEqual(
        diagnostics.map(d => d.code),
        ['unset-variable'],
      )
    })

    it('knows the lab everywhere and the node below it, and leaves keys alone', () => {
      const text = 'name: x\nnodes: { h1: { labels: { "${A}": "${lab}/${node}" } } }\naddressing: { links: "${lab}" }'
      assert.deepEqual(value(text, given), {
        name: 'x',
        nodes: { h1: { labels: { '${A}': 'x/h1' } } },
        addressing: { links: 'x' },
      })
    })

    it('leaves the node to the pass that merges groups and defaults, escapes marked', () => {
      const text =
        'groups: { g: { labels: { a: "${node} $${node} ${A}" } } }\nnodes: { h: { labels: { a: "$${node}" } } }'
      assert.deepEqual(value(text, { ...given, variables: { A: '${node}' } }), {
        groups: { g: { labels: { a: '${node} \0{node} \0{node}' } } },
        nodes: { h: { labels: { a: '${node}' } } },
      })
    })
  })

  describe('the name of the lab', () => {
    const named = (path: string | undefined, text = 'nodes: {}', name?: string) =>
      parse(source(text, { ...(path && { path }), ...(name && { name }) })).document.lab

    it('is that of the command line, of the file, or made from the file’s own', () => {
      assert.equal(named('/x/ring.yaml', 'name: said', 'given'), 'given')
      assert.equal(named('/x/ring.yaml', 'name: said'), 'said')
      assert.equal(named('/x/ring.nstopo.yaml'), 'ring')
      assert.equal(named('/x/My Ring_2.yml'), 'my-ring-2')
      assert.equal(named('/x/Branch Office/lab.yaml'), 'branch-office')
      assert.equal(named('/x/office/nstopo.yaml'), 'office')
      assert.equal(named('/lab.yaml'), 'lab')
      assert.equal(named(undefined), 'lab')
    })

    it('is refused, not mended, when it was said', () => {
      const { diagnostics } = parse(source('nodes: {}', { name: 'A' }))
      assert.deepEqual(
        diagnostics.map(d => [d.code, d.hint]),
        [['bad-name', 'such as `a`']],
      )
    })
  })
})
