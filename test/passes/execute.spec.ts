import assert from 'node:assert/strict'
import { simulated } from '../../src/index.js'
import { execute } from '../../src/passes/execute.js'
import { recordOf } from '../kernel/lab.js'

describe('execute', () => {
  it('lets nobody else run between operations that wait for nothing: the thread would leave its namespace each time', async () => {
    const space = simulated().space('x')
    space.create(recordOf('x'))
    const nodes = ['a', 'b']
    const executed = execute(
      nodes.map(node => ({ verb: 'create', resource: { type: 'namespace', node } })),
      space,
      { observed: new Map() },
    )
    // Nothing has been waited for; both, unless the first took very long.
    assert.equal([...space.nodes().keys()][0], 'a')
    assert.deepEqual(await executed, { done: 2, refused: [], interrupted: false })
    assert.deepEqual([...space.nodes().keys()], nodes)
  })
})
