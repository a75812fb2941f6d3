/** Values ↔ bytes, held against node:net and node-netlink's own codecs. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import rt from 'netlink/dist/rt/gen_structs.js'
import structs from 'netlink/dist/rt/structs.js'
import { attributes, ip, mac, text, u32 } from '../../src/netlink/attributes.js'
import { Batch } from '../../src/netlink/batch.js'
import type { Codec } from '../../src/netlink/codecs.js'
import { addressMessage, flag, linkMessage, MessageType, routeMessage, write } from '../../src/netlink/messages.js'

function bytesOf<T>(codec: Codec<T>, value: T): Buffer {
  const batch = new Batch(8)
  const length = codec.write(batch, value)
  return batch.bytes.subarray(0, length)
}

function back<T>(codec: Codec<T>, value: T): T | undefined {
  const bytes = bytesOf(codec, value)
  return codec.read(bytes, 0, bytes.length)
}

/** The eight groups, written out: the plainest reading of RFC 4291. */
function plain(address: string): string {
  const [head = '', tail] = address.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail ?? '')]
  return all.map(group => group.padStart(4, '0')).join('')
}

describe('codecs', () => {
  it('IPv6 addresses are written as their text means', () => {
    fc.assert(
      fc.property(fc.ipV6(), address => {
        fc.pre(!address.includes('.'))
        assert.equal(bytesOf(ip, address).toString('hex'), plain(address).toLowerCase())
      }),
    )
    for (const [address, hex] of [
      ['::', '0'.repeat(32)],
      ['::1', `${'0'.repeat(31)}1`],
      ['fd00::', `fd00${'0'.repeat(28)}`],
      ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
      ['1::192.0.2.1', '000100000000000000000000c0000201'],
      ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ] as const)
      assert.equal(bytesOf(ip, address).toString('hex'), hex, address)
  })

  it('what is written is read', () => {
    fc.assert(fc.property(fc.ipV4(), address => assert.equal(back(ip, address), address)))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), bytes =>
        assert.deepEqual(bytesOf(ip, ip.read(Buffer.from(bytes), 0, 16)), Buffer.from(bytes)),
      ),
    )
    assert.equal(back(ip, 'fd00:0:0:1::'), 'fd00:0:0:1::')
    assert.equal(back(mac, '02:00:5e:00:00:ff'), '02:00:5e:00:00:ff')
    assert.equal(back(text, 'eth0'), 'eth0')
    const table = attributes({ name: [3, text], nest: [18, attributes({ id: [1, u32], at: [2, ip] })] })
    assert.deepEqual(back(table, { name: 'é', nest: { id: 7, at: '::1' } }), { name: 'é', nest: { id: 7, at: '::1' } })
  })

  it('truncated and unknown attributes do no harm', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        bytes => void attributes({ a: [1, text] }).read(Buffer.from(bytes), 0, bytes.length),
      ),
    )
  })

  it('node-netlink reads the same messages', () => {
    const batch = new Batch(16)
    write(
      batch,
      [MessageType.NEWADDR, flag.create],
      [addressMessage, { family: 2, prefixLength: 24, index: 7, attributes: { local: '10.0.0.1' } }],
    )
    const address = structs.parseAddressMessage(batch.bytes.subarray(16, batch.length))
    assert.deepEqual(
      [address.data.prefixlen, address.data.index, address.attrs.local],
      [24, 7, Buffer.from([10, 0, 0, 1])],
    )
    batch.clear()
    write(
      batch,
      [MessageType.NEWLINK, flag.create],
      [linkMessage, { index: 9, attributes: { name: 'br0', mtu: 1400, info: { kind: 'bridge' } } }],
    )
    const link = structs.parseLinkMessage(batch.bytes.subarray(16, batch.length))
    assert.deepEqual([link.data.index, link.attrs.ifname, link.attrs.mtu], [9, 'br0', 1400])
    batch.clear()
    write(
      batch,
      [MessageType.NEWROUTE, flag.create],
      [
        routeMessage,
        {
          family: 2,
          dstLength: 8,
          table: 254,
          protocol: 110,
          type: 1,
          attributes: {
            dst: '10.0.0.0',
            multipath: [{ index: 3, flags: 0, hops: 1, attributes: { gateway: '192.0.2.1' } }],
          },
        },
      ],
    )
    const route = structs.parseRouteMessage(batch.bytes.subarray(16, batch.length))
    assert.equal(route.data.type, rt.RouteType[1])
    assert.equal(batch.bytes.readUInt32LE(0), batch.length)
  })
})
