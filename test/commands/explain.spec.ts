import assert from 'node:assert/strict'
import { inside } from '../support/machine.js'
import { inFolder, json, labName, nstopo } from './program.js'

const topology = (name: string) => `name: ${name}
nodes: { h1: {}, r1: { kind: router }, h2: {} }
links:
  - { endpoints: [h1, r1], subnet: [10.0.1.0/24, "fd01::/64"], gateway: r1 }
  - { endpoints: [r1, h2], subnet: [10.0.2.0/24, "fd02::/64"], gateway: r1 }
`

describe('commands: explain', () => {
  const lab = labName('explain')
  before(() => assert.equal(nstopo(['up', '-'], { input: topology(lab) }).status, 0))
  after(() => nstopo(['down', lab]))

  it('follows packets in both families, and exits with 0', () =>
    inFolder({}, folder => {
      const { result, status } = json('explain', [lab, 'h1', 'h2'], folder)
      assert.equal(status, 0)
      assert.deepEqual(
        result.passages.map(({ family, there }) => [family, there.hops.map(hop => hop.node)]),
        [4, 6].map(family => [family, ['h1', 'r1', 'h2']]),
      )
      assert.match(nstopo(['explain', lab, 'h1', '10.0.2.2']).stdout, /^h1 → 10\.0\.2\.2 is answered in /)
      assert.match(nstopo(['explain', lab, 'h2', 'h1:eth0', '--size', '1500']).stdout, /r1 {2}eth1 {2}→ eth0/)
    }))

  it('says where they end and why, and exits with 1', () =>
    inFolder({}, folder => {
      inside(`${lab}.r1`, 'ip', 'route', 'add', 'blackhole', '10.0.2.2')
      try {
        const { result, status } = json('explain', [lab, 'h1', 'h2'], folder)
        const [four, six] = result.passages
        assert.equal(status, 1)
        assert.deepEqual(
          [four?.reason?.node, four?.reason?.why, four?.reason?.direction, six?.reason],
          ['r1', 'blackhole', 'there', undefined],
        )
      } finally {
        inside(`${lab}.r1`, 'ip', 'route', 'del', 'blackhole', '10.0.2.2')
      }
    }))

  it('knows what it is asked about', () => {
    assert.match(nstopo(['explain', lab, 'h3', 'h1']).stderr, /did you mean h1 or h2/)
    assert.match(nstopo(['explain', lab, 'h1', 'h3']).stderr, /h3 is no node, no interface and no address of this lab/)
    assert.match(nstopo(['explain', lab, 'h1', '10.0.2.999']).stderr, /10\.0\.2\.999 is no node/)
    assert.equal(nstopo(['explain', 'nothing', 'h1', 'h2']).status, 2)
  })
})
