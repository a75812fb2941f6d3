import assert from 'node:assert/strict'
import { chart } from '../../bench/chart.js'
import { duration, Figures, median } from '../../bench/figures.js'
import { goals, judge } from '../../bench/goals.js'
import { difference, sample } from '../../bench/same.js'
import { goalTable } from '../../bench/table.js'

describe('bench/figures', () => {
  it('takes the middle', () => {
    assert.equal(median([3, 1, 2]), 2)
    assert.equal(median([4, 1, 2, 3]), 2.5)
  })

  it('gives times in three digits', () => {
    assert.deepEqual([1.234, 12.34, 123.4, 1234, 123_456].map(duration), [
      '1.2 ms',
      '12.3 ms',
      '123 ms',
      '1.23 s',
      '123.5 s',
    ])
  })

  it('knows nothing of what was not measured', () => {
    const figures = new Figures()
    assert.deepEqual([figures.median('x'), figures.least('x')], [undefined, undefined])
  })
})

describe('bench/goals', () => {
  const measured = new Map([
    ['node', 50],
    ['floor up chain 1000', 1000],
    ['nstopo up chain 1000', 1281],
    ['cell: nstopo up chain 1000', 1000],
    ['cell: Mininet up chain 1000', 30_000],
  ])
  const judged = judge(key => measured.get(key))

  it('judges what was measured, by limits of the same run', () => {
    assert.deepEqual(
      judged.map(({ goal, limit, figure }) => [goal.what, limit, figure]),
      [
        ['up, chain 1000', 1280, 1281],
        ['up, chain 1000, against Mininet', 15, 30],
      ],
    )
    assert.ok(judged[0]!.ratio > 1 && judged[1]!.ratio === 0.5)
  })

  it('tells which were missed', () => {
    const [, , missed, reached] = goalTable(judged).split('\n')
    assert.match(missed!, /\*\*missed\*\*/)
    assert.match(reached!, /50 %.*reached/)
  })

  it('has each goal once', () => assert.equal(new Set(goals.map(({ what }) => what)).size, goals.length))
})

describe('bench/same', () => {
  const held = { links: ['lo', 'eth0'], routes: [] }

  it('says what is otherwise', () => {
    assert.equal(difference(held, { ...held }), undefined)
    assert.equal(difference(held, { ...held, links: ['lo'] }), 'links: without eth0')
    assert.equal(difference(held, { ...held, routes: ['default'] }), 'routes: with default')
  })

  it('reads the first, the last, and some between', () => {
    const nodes = Array.from({ length: 100 }, (_, i) => `n${i}`)
    assert.deepEqual(sample(nodes, 3), ['n0', 'n50', 'n99'])
    assert.equal(sample(nodes, 1000).length, 100)
  })
})

describe('bench/chart', () => {
  const points = [
    [10, 9.5],
    [1000, 1200],
  ] as const
  const svg = chart([
    {
      title: 'a < b',
      lines: [
        { name: 'nstopo', points },
        { name: 'floor', points },
      ],
    },
  ])

  it('is well-formed, with every point in the picture', () => {
    assert.ok(!/NaN|Infinity|undefined|a < b/.test(svg))
    const opened = [...svg.matchAll(/<([a-z]+)(?:\s[^>]*[^/>])?>/g)].map(([, tag]) => tag).sort()
    const closed = [...svg.matchAll(/<\/([a-z]+)>/g)].map(([, tag]) => tag).sort()
    assert.deepEqual(opened, closed)
    assert.equal(svg.match(/<circle/g)!.length, 4)
  })
})
