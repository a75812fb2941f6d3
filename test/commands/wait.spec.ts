import assert from 'node:assert/strict'
import { ipJson } from '../support/machine.js'
import { labName, nstopo } from './program.js'

const lan = (lab: string, second: string, node = '{}') =>
  `{name: ${lab}, defaults: {node: ${node}, link: {dad: true}}, nodes: {h1: {interfaces: {t0: {kind: tap}}}, h2: },
    links: [{name: lan, endpoints: [h1 fd00::1/64, h2 ${second}/64]}]}`

interface Shown {
  readonly operstate: string
  readonly addr_info: readonly { readonly tentative?: boolean; readonly dadfailed?: boolean }[]
}

describe('commands: up --wait', () => {
  it('comes back when links have carrier and addresses are past duplicate detection', () => {
    const lab = labName('wait')
    const up = (node: string, ...words: readonly string[]) =>
      nstopo(['up', '-', ...words], { input: lan(lab, 'fd00::2', node) })
    try {
      // It asks a thousand times, a second each: it is not over, however slow the machine is.
      const early = up('{sysctls: {net.ipv6.conf.default.dad_transmits: 1000}}', '--wait', '0')
      assert.deepEqual([early.status, early.stdout], [3, ''])
      assert.match(early.stderr, /h1:eth0: duplicate detection of fd00::1 is not over yet +\[not-usable\]/)
      assert.match(early.stderr, /what was made is taken down again/)
      assert.ok(!nstopo(['ls', '-q']).stdout.includes(lab))
      assert.deepEqual([up('{}', '--wait', '5m').stderr, up('{}', '--wait', '0').status], ['', 0])
      const [shown] = ipJson<Shown>(`${lab}.h1`, 'address', 'show', 'eth0')
      assert.equal(shown?.operstate, 'UP')
      assert.deepEqual(
        shown?.addr_info.filter(one => one.tentative || one.dadfailed),
        [],
      )
    } finally {
      nstopo(['down', lab])
    }
  })

  it('does not wait for what will never be', () => {
    const lab = labName('taken')
    const { status, stderr } = nstopo(['up', '-', '--wait', '1h'], { input: lan(lab, 'fd00::1') })
    assert.equal(status, 3)
    assert.match(stderr, /h[12]:eth0: fd00::1 can’t be used: somebody else on the link has it/)
    assert.match(nstopo(['down', lab]).stdout, /was not up/)
  })
})
