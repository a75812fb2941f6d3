import assert from 'node:assert/strict'
import type { LabRecord } from '../../src/model/plan.js'
import type { UpReport } from '../../src/model/report.js'
import { renderChecks, renderDown, renderLabs, renderUp } from '../../src/render/reports.js'
import { pair } from './values.js'

const report: UpReport = {
  ...{ lab: 'branch', fresh: true, nodes: 6, links: 1, done: 0, refused: [], undone: false, milliseconds: 41.3 },
  operations: [{ verb: 'create', resource: { type: 'namespace', node: 'h1' } }, pair],
}

describe('render: what came of a run', () => {
  it('says in one line what is up, and once what to type next', () => {
    assert.equal(
      renderUp(report),
      'branch is up: 6 nodes, 1 link in 41 ms\nnext: nstopo shell branch h1   or   nstopo down branch\n',
    )
    assert.equal(
      renderUp({ ...report, fresh: false, operations: [] }),
      'branch is up already: 6 nodes, 1 link, nothing to do\n',
    )
    assert.equal(
      renderUp({ ...report, fresh: false, operations: [pair] }),
      'branch is changed: 1 operation: 1 to create; in 41 ms\n',
    )
  })

  it('names who keeps a lab alive', () => {
    const holders = [{ node: 'h1', pid: 7, command: 'sh\x1b', how: 'mount' }]
    const text = renderDown({ lab: 'branch', wasUp: true, nodes: 2, holders, left: [], milliseconds: 2.04 })
    assert.equal(text, 'branch is down: 2 nodes in 2.0 ms\n  h1 is kept alive by process 7 (sh\\x1b): mount\n')
    const none = renderDown({ lab: 'branch', wasUp: false, nodes: 0, holders: [], left: [], milliseconds: 0 })
    assert.equal(none, 'branch was not up\n')
  })

  it('lists labs in columns', () => {
    const record: LabRecord = {
      ...{
        version: 1,
        blending: {},
        lab: 'a',
        boot: '',
        state: 'up',
        links: 3,
        created: 1000,
        owner: 0,
      },
      source: { text: '', path: '/tmp/a.yaml', label: 'a.yaml', variables: {}, assigned: {} },
      by: '',
    }
    const labs = [
      { lab: 'a', state: 'up', record, nodes: 12 },
      { lab: 'other', state: 'unknown', nodes: 1 },
    ] as const
    assert.equal(
      renderLabs(labs, 1000 + 90_000),
      `LAB    STATE    NODES  LINKS  AGE    OWNER  FILE
a      up       12     3      1 min  root   /tmp/a.yaml
other  unknown  1      ?      ?      ?      ?
`,
    )
    assert.equal(renderLabs([], 0), 'no lab is up\n')
  })

  it('tells what works, what does not, and the command that mends it', () => {
    const text = renderChecks(
      [
        { name: 'root', ok: true, core: true, finding: 'yes' },
        { name: 'memory', ok: false, core: false, finding: 'little', fix: 'sysctl -w x=1' },
      ],
      { colour: false },
    )
    assert.equal(text, 'ok  root    yes\nno  memory  little\n\nto mend it:\n  sysctl -w x=1\n\nthe core works\n')
  })
})
