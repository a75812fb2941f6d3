import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { linux } from '../../src/kernel/linux.js'
import { startThread } from '../../src/kernel/second-thread.js'
import { found, meeting, readSettingsAhead } from '../../src/kernel/settings-ahead.js'
import { labName, recordOf } from './lab.js'

const script = fileURLToPath(new URL('../../dist/settings-thread.cjs', import.meta.url))
const names = [
  'net.ipv4.ip_forward',
  'net.ipv6.conf.all.forwarding',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.ip_default_ttl',
]
const nodes = Array.from({ length: 110 }, (_, i) => `n${i}`)

describe('settings that a second thread looks at', () => {
  const space = linux().space(labName())
  let usual: ReadonlyMap<string, string>

  before(function () {
    // On one processor there is no second thread.
    if (availableParallelism() < 2) this.skip()
    usual = linux().freshSysctls(names)
    space.create(recordOf(space.lab))
    for (const node of nodes) space.createNode(node)
    space.writeSysctl('n105', 'net.ipv4.ip_default_ttl', '77')
    space.home()
  })
  after(() => void space.remove())

  it('are found to be what was expected, or other, from the last node to the second', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(4 * (meeting.found + nodes.length)))
    const work = { home: '/run/nstopo', lab: space.lab, nodes, settings: [...usual], shared }
    assert.ok(startThread(script, work, nodes.length))
    while (Atomics.load(shared, meeting.found + 1) === found.nothing) await setTimeout(1)
    const seen = nodes.map((node, index) => [node, Atomics.load(shared, meeting.found + index)])
    const expected = (node: string) =>
      node === 'n0' ? found.nothing : node === 'n105' ? found.other : found.asExpected
    assert.deepEqual(
      seen,
      nodes.map(node => [node, expected(node)]),
    )
  })

  it('say nothing of nodes and settings that were not expected', () => {
    const ahead = readSettingsAhead({ home: '/run/nstopo', lab: space.lab, nodes, settings: usual }, script)!
    assert.equal(ahead.confirmed('elsewhere', names), undefined)
    assert.equal(ahead.confirmed('n0', [...names, 'net.ipv4.tcp_syncookies']), undefined)
    ahead.stop()
  })
})
