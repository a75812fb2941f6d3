/** IP arithmetic against ipaddr.js, node:net and plain counting. */
import assert from 'node:assert/strict'
import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import {
  type Address,
  classify,
  comparePrefixes,
  contains,
  firstHost,
  formatAddress,
  formatPrefix,
  hostPrefix,
  isReserved,
  isUnicast,
  lastHost,
  lastOf,
  networkOf,
  overlaps,
  type Prefix,
  parseAddress,
  parsePrefix,
  width,
} from '../../src/model/ip.js'

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.bigInt(0n, 2n ** 32n - 1n).map(bits => ({ family: 4 as const, bits })),
  fc.bigInt(0n, 2n ** 128n - 1n).map(bits => ({ family: 6 as const, bits })),
  fc
    .array(fc.constantFrom(0, 0, 0, 1, 0xffff, 0x0db8, 0x2001), { minLength: 8, maxLength: 8 })
    .map(groups => ({ family: 6 as const, bits: groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n) })),
)
const prefix: fc.Arbitrary<Prefix> = address.chain(one =>
  fc.integer({ min: 0, max: width(one.family) }).map(length => ({ ...one, length })),
)
const nearText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefF:.%g /'), maxLength: 40 }),
  fc
    .array(fc.constantFrom('', '0', '01', '1', '255', '256', 'ffff', '12345', '1.2.3.4'), { maxLength: 10 })
    .map(p => p.join(':')),
  fc.array(fc.constantFrom('', '0', '00', '1', '255', '256', '1000'), { maxLength: 6 }).map(p => p.join('.')),
)
const octets = ({ family, bits }: Address) =>
  Array.from({ length: width(family) / 8 }, (_, i) => Number((bits >> BigInt(width(family) - 8 * (i + 1))) & 255n))

const parse = (text: string) => parsePrefix(text) ?? assert.fail(text)
const host = (text: string) => parseAddress(text) ?? assert.fail(text)

describe('ip', () => {
  it('takes what inet_pton takes, and nothing else', () => {
    fc.assert(
      fc.property(nearText, text => {
        const expected = isIPv4(text) ? 4 : isIPv6(text) && !text.includes('%') ? 6 : undefined
        assert.equal(parseAddress(text)?.family, expected)
      }),
      { numRuns: 3000 },
    )
  })

  it('refuses zones, leading zeros, blanks, short forms and wrong lengths', () => {
    for (const text of [
      'fe80::1%eth0',
      '010.0.0.1',
      ' 10.0.0.1',
      '10.1',
      '1.2.3.4.5',
      '',
      ':',
      ':::',
      '1::2::3',
      '::1.2.3',
    ])
      assert.equal(parseAddress(text), undefined, text)
    for (const text of [
      '10.0.0.0',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '10.0.0.0/',
      '::/129',
      '::/-1',
      '10.0.0.0/ 8',
      '::/1/1',
    ])
      assert.equal(parsePrefix(text), undefined, text)
  })

  it('reads what it writes', () => {
    fc.assert(fc.property(address, one => assert.deepEqual(parseAddress(formatAddress(one)), one)))
    fc.assert(fc.property(prefix, one => assert.deepEqual(parsePrefix(formatPrefix(one)), one)))
  })

  it('agrees with ipaddr.js on bits and shortest texts', () => {
    fc.assert(
      fc.property(address, one => {
        const other = ipaddr.fromByteArray(octets(one))
        if (other instanceof ipaddr.IPv6 && other.isIPv4MappedAddress()) return
        assert.equal(formatAddress(one), other instanceof ipaddr.IPv6 ? other.toRFC5952String() : other.toString())
        const long = other.toNormalizedString()
        assert.deepEqual(parseAddress(long), one)
      }),
    )
  })

  it('writes addresses as RFC 5952 does', () => {
    for (const [text, shortest] of [
      ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['::FFFF:10.0.0.1', '::ffff:10.0.0.1'],
      ['::ffff:a00:1', '::ffff:10.0.0.1'],
      ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
      ['0::0', '::'],
    ] as const)
      assert.equal(formatAddress(host(text)), shortest)
  })

  it('agrees with ipaddr.js on networks, broadcasts and what lies inside', () => {
    fc.assert(
      fc.property(prefix, address, (one, other) => {
        const kind = one.family === 4 ? ipaddr.IPv4 : ipaddr.IPv6
        const network = kind.networkAddressFromCIDR(formatPrefix(one))
        assert.deepEqual(octets(networkOf(one)), network.toByteArray())
        const broadcast = kind.broadcastAddressFromCIDR(formatPrefix(one))
        assert.deepEqual(octets(lastOf(one)), broadcast.toByteArray())
        if (other.family !== one.family) return assert.equal(contains(one, other), false)
        const parsed = kind.parse(formatAddress(other))
        const range = kind.parseCIDR(formatPrefix(one))
        assert.equal(contains(one, other), (parsed as ipaddr.IPv4).match(range as [ipaddr.IPv4, number]))
      }),
    )
  })

  it('knows that prefixes overlap when one has the other’s first address', () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        const shared = contains(a, hostPrefix(networkOf(b))) || contains(b, hostPrefix(networkOf(a)))
        assert.equal(overlaps(a, b), shared)
        assert.equal(overlaps(b, a), shared)
      }),
    )
    assert.equal(contains(parse('10.0.0.0/24'), parse('10.0.0.0/23')), false)
    assert.equal(contains(parse('10.0.0.7/24'), parse('10.0.0.128/25')), true)
  })

  it('keeps a network’s and its broadcast address from hosts, but not on point-to-point links', () => {
    const ends = (text: string) => [firstHost(parse(text)), lastHost(parse(text))].map(formatAddress).join(' ')
    assert.equal(ends('10.0.0.9/24'), '10.0.0.1 10.0.0.254')
    assert.equal(ends('10.0.0.0/30'), '10.0.0.1 10.0.0.2')
    assert.equal(ends('10.0.0.0/31'), '10.0.0.0 10.0.0.1')
    assert.equal(ends('10.0.0.5/32'), '10.0.0.5 10.0.0.5')
    assert.equal(ends('fd00::/64'), 'fd00::1 fd00::ffff:ffff:ffff:ffff')
    assert.equal(ends('fd00::/127'), 'fd00:: fd00::1')
    for (const [text, reserved] of [
      ['10.0.0.0/24', true],
      ['10.0.0.255/24', true],
      ['10.0.0.1/24', false],
      ['10.0.0.0/31', false],
      ['fd00::/64', true],
      ['fd00::ffff:ffff:ffff:ffff/64', false],
    ] as const)
      assert.equal(isReserved(parse(text)), reserved, text)
  })

  it('knows what an address is for', () => {
    const classes = {
      unspecified: '0.0.0.0 ::',
      loopback: '127.0.0.1 127.255.255.255 ::1',
      'link-local': '169.254.0.1 fe80::1 febf::1',
      multicast: '224.0.0.1 239.255.255.255 ff02::1',
      broadcast: '255.255.255.255',
      unicast: '10.0.0.1 240.0.0.1 223.255.255.255 169.253.0.1 fec0::1 fd00::1 2001:db8::1 ::2',
    }
    for (const [type, texts] of Object.entries(classes))
      for (const text of texts.split(' ')) {
        assert.equal(classify(host(text)), type, text)
        assert.equal(isUnicast(host(text)), ['loopback', 'link-local', 'unicast'].includes(type), text)
      }
  })

  it('sorts by family, bits, then length', () => {
    const sorted = ['fd00::/8', '10.0.0.0/24', '10.0.0.0/8', '9.0.0.0/8'].map(parse).sort(comparePrefixes)
    assert.deepEqual(sorted.map(formatPrefix), ['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0/24', 'fd00::/8'])
  })
})
