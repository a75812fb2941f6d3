/** Every kind of link with every setting of its own: the kernel has it as the file says, by `ip -d`. */
import assert from 'node:assert/strict'
import { diff, source, up } from '../src/index.js'
import { kernel, withLab, worked } from './support/labs.js'
import { ipJson, labName, run, witness } from './support/machine.js'
import { until } from './support/until.js'

/** An interface's own keys, and what `ip -d -j` has to say of it. */
const kinds: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'kind: bridge, ports: [eth0], stp: true, priority: 4096, forwardDelay: 30s, helloTime: 1s, maxAge: 10s, ageing: 60s, multicastSnooping: false, groupForwardMask: 16384',
    {
      stp_state: 1,
      priority: 4096,
      forward_delay: 3000,
      hello_time: 100,
      max_age: 1000,
      ageing_time: 6000,
      mcast_snooping: 0,
      group_fwd_mask: '0x4000',
    },
  ],
  ['kind: bridge', { stp_state: 0, priority: 32768, mcast_snooping: 1 }],
  [
    'kind: vxlan, id: 77, local: 10.0.0.1, remote: 10.0.0.2, port: 8472, dev: eth0, ttl: 9, learning: false',
    { id: 77, local: '10.0.0.1', remote: '10.0.0.2', port: 8472, link: 'eth0', ttl: 9, learning: false },
  ],
  [
    'kind: vxlan, id: 78, local: "FD00::0:1", remote: "fd00::2"',
    { id: 78, local6: 'fd00::1', remote6: 'fd00::2', port: 4789 },
  ],
  ['kind: vxlan, id: 79, remote: 239.1.1.1, dev: eth0', { id: 79, group: '239.1.1.1', link: 'eth0' }],
  ['kind: macvlan, parent: eth0', { mode: 'bridge' }],
  ['kind: macvlan, parent: eth0, mode: private', { mode: 'private' }],
  ['kind: tap, owner: 65534', { type: 'tap', persist: true, user: 'nobody' }],
  ['kind: tun, addresses: 10.9.0.1/24, mtu: 1280', { type: 'tun', persist: true }],
]

describe('kinds of links', () => {
  for (const [keys, expected] of kinds) {
    it(keys.split(',').slice(0, 3).join(','), async () => {
      const name = labName('kind')
      const text = `nodes:\n  a: { interfaces: { x.1: { ${keys} } } }\n  b:\nlinks:\n  - [a 10.0.0.1/24 fd00::1/64, b 10.0.0.2/24 fd00::2/64]\n`
      const subject = source(keys.includes('ports') ? text.replace('a 10.0.0.1/24 fd00::1/64', 'a') : text, { name })
      await withLab(subject, () => {
        assert.deepEqual(worked(diff(subject, kernel)).changes, [])
        const [shown] = ipJson<{ linkinfo: { info_data: Record<string, unknown> } }>(
          `${name}.a`,
          '-d',
          'link',
          'show',
          'dev',
          'x.1',
        )
        const data = shown!.linkinfo.info_data
        assert.deepEqual(
          Object.fromEntries(Object.keys(expected).map(key => [key, data[key]])),
          expected,
          JSON.stringify(data),
        )
      })
    })
  }

  it('a bridge is as the file says while its spanning tree changes, and the kernel forgets faster for that long', async () => {
    const name = labName('tree')
    const keys = '{ kind: bridge, ports: [eth0], stp: true, forwardDelay: 2s, maxAge: 40s }'
    const subject = source(`nodes: { a: { interfaces: { br0: ${keys} } }, b: }\nlinks: [[a, b]]\n`, { name })
    await withLab(subject, async () => {
      const before = witness(`${name}.a`)
      const held = () =>
        ipJson<{ linkinfo: { info_data: Record<string, unknown> } }>(
          `${name}.a`,
          '-d',
          'link',
          'show',
          'dev',
          'br0',
        )[0]!.linkinfo.info_data
      await until('the tree changes', () => held().topology_change === 1)
      assert.equal(held().ageing_time, 400)
      assert.deepEqual(worked(diff(subject, kernel)).changes, [])
      assert.deepEqual(witness(`${name}.a`), before)
      worked(await up(subject, kernel))
      run('ip', '-n', `${name}.a`, 'link', 'set', 'br0', 'type', 'bridge', 'stp_state', '0')
      assert.equal(worked(diff(subject, kernel)).differs, true)
    })
  })
})
