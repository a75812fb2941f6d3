import assert from 'node:assert/strict'
import { error } from '../../src/diagnostic.js'
import type { Change } from '../../src/model/plan.js'
import type { WatchEvent } from '../../src/model/report.js'
import { renderWatch } from '../../src/render/watch.js'

const address: Change = {
  state: 'missing',
  desired: { type: 'address', node: 'h1', dev: 'eth0', family: 4, address: '10.0.0.1', prefixLength: 24, dad: false },
}
const node: Change = { state: 'missing', desired: { type: 'namespace', node: 'h1' } }
const common = { lab: 'branch', at: new Date(2026, 0, 2, 3, 4, 5).getTime(), differences: 1 }

function lines(event: Omit<WatchEvent, keyof typeof common>): readonly string[] {
  return renderWatch({ ...common, ...event } as WatchEvent, { colour: false })
    .trimEnd()
    .split('\n')
}

describe('what watch tells', () => {
  it('has the local time before each line', () => {
    assert.deepEqual(lines({ event: 'drift', changes: [address] } as never), [
      '03:04:05  missing   address 10.0.0.1/24 on h1:eth0',
    ])
  })

  it('lets a node stand for all that is in it, when it is lost and when it is there again', () => {
    const changes = [node, address]
    assert.deepEqual(
      ['start', 'drift', 'mended'].map(event => lines({ event, changes } as never)),
      [
        ['03:04:05  watching branch: 1 missing', '03:04:05  missing   node h1, with its address'],
        ['03:04:05  missing   node h1, with its address'],
        ['03:04:05  mended    node h1, with its address'],
      ],
    )
  })

  it('says what was done, refused, put off, lost, and that it is over', () => {
    const told: readonly object[] = [
      { event: 'healed', operations: [{ verb: 'create', resource: address.desired }] },
      { event: 'refused', diagnostics: [error('kernel-refused', 'the kernel refused it\u202e')] },
      { event: 'postponed', changes: [address], milliseconds: 4000 },
      { event: 'overflow' },
      { event: 'changed', changes: [] },
      { event: 'down' },
    ]
    assert.deepEqual(
      told.flatMap(event => lines(event as never)),
      [
        '03:04:05  healed    create address 10.0.0.1/24 on h1:eth0',
        '03:04:05  refused   it was not put right: the kernel refused it\\u202e',
        '03:04:05  waiting   address 10.0.0.1/24 on h1:eth0 comes back over and over: next try in 4.0 s',
        '03:04:05  overflow  more happened than could be told one by one: all was compared afresh',
        '03:04:05  changed   another run applied branch: no differences',
        '03:04:05  branch was taken down',
      ],
    )
  })
})
