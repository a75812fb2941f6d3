import assert from 'node:assert/strict'
import { attributeName, messageSubject, missingAttributeName } from '../../src/netlink/attribute-names.js'
import { attribute, batch, kindOf, type Message, newLink } from '../kernel/lab.js'

const bytes = (message: Message) => {
  const { bytes, length } = batch(message)
  return bytes.subarray(0, length)
}

describe('attribute names', () => {
  it('are found by offset, at the top and in nests', () => {
    const peer = attribute(1, Buffer.concat([Buffer.alloc(16), attribute(4, 1500)]))
    const message = bytes(newLink({ index: 1 }, attribute(4, 1500), ...kindOf('a', 'veth', peer)))
    // Header 16, ifinfomsg 16, IFLA_MTU 8, IFLA_IFNAME 8, IFLA_LINKINFO 4, IFLA_INFO_KIND 8, IFLA_INFO_DATA 4, the peer 4 and 16.
    assert.deepEqual(
      [32, 40, 48, 52, 60, 64, 84].map(offset => attributeName(message, offset)),
      ['IFLA_MTU', 'IFLA_IFNAME', 'IFLA_LINKINFO', 'IFLA_INFO_KIND', 'IFLA_INFO_DATA', 'VETH_INFO_PEER', 'IFLA_MTU'],
    )
    assert.equal(attributeName(message, 33), undefined)
  })

  it('are found in each next hop of a route', () => {
    const hop = Buffer.concat([Buffer.from([16, 0, 0, 0, 1, 0, 0, 0]), attribute(5, 'abcd')])
    const message = bytes({
      type: 24,
      body: Buffer.concat([Buffer.alloc(12), attribute(9, Buffer.concat([hop, hop]))]),
    })
    assert.deepEqual(
      [28, 40, 56].map(offset => attributeName(message, offset)),
      ['RTA_MULTIPATH', 'RTA_GATEWAY', 'RTA_GATEWAY'],
    )
  })

  it('are found for what is missing', () => {
    const message = bytes(newLink({ index: 1 }, ...kindOf('v', 'vxlan', attribute(15, 'xx'))))
    assert.equal(missingAttributeName(message, { type: 3 }), 'IFLA_IFNAME')
    // The nest IFLA_INFO_DATA starts after IFLA_IFNAME 8, IFLA_LINKINFO 4, IFLA_INFO_KIND 12.
    assert.equal(missingAttributeName(message, { type: 1, nest: 56 }), 'IFLA_VXLAN_ID')
  })

  it('are numbers where the kernel has newer ones, and no message is too broken to ask about', () => {
    assert.equal(attributeName(bytes(newLink({ index: 1 }, attribute(300, 1))), 32), 'IFLA_300')
    assert.equal(attributeName(bytes({ type: 4711, body: Buffer.alloc(20) }), 20), undefined)
    assert.equal(attributeName(bytes(newLink({ index: 1 }, Buffer.from([255, 255, 1, 0]))), 36), undefined)
    assert.deepEqual([18, 22, 26, 30, 34].map(messageSubject), [
      'the links',
      'the addresses',
      'the routes',
      'the neighbours',
      'the rules',
    ])
  })
})
