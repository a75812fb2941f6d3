/** Whatever bytes come where the kernel's answers should: nothing throws, nothing hangs, nothing outside them is looked at. */
import assert from 'node:assert/strict'
import { readAcknowledgement } from '../../src/kernel/acknowledgement.js'
import { readAttribute } from '../../src/kernel/netconf.js'
import type { Resource } from '../../src/model/state.js'
import { attributeName, missingAttributeName } from '../../src/netlink/attribute-names.js'
import { aligned, endOfMessage, errorIn, messageStarts } from '../../src/netlink/datagram.js'
import { vethMessage } from '../../src/netlink/messages.js'
import { kindOf, readCounters, readLinkName } from '../../src/resources/index.js'
import { type Dumped, type Dumps, dumped, recordDumps } from './dumps.js'
import { changedMessage, surrounded } from './messages.js'
import type { Random } from './random.js'
import { fuzz } from './runner.js'

/** As text, with every number one that can be written down. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, held) => {
    assert.ok(typeof held !== 'number' || Number.isFinite(held), `a number that is none in ${JSON.stringify(value)}`)
    return held
  })
}

/** Reads the same bytes in each of their surroundings; what is read must not depend on those. */
function readAmid<T>(bytes: Buffer, read: (body: ReturnType<typeof surrounded>[number]) => T): T {
  const [first, ...others] = surrounded(bytes, 32).map(read)
  for (const other of others) assert.equal(textOf(other), textOf(first))
  return first!
}

const addresses = ['address', 'to', 'from', 'src', 'mac'] as const
/** What neither an address nor a MAC is without. */
const written = /^[0-9a-f.:]+(\/\d+)?$/

/** A resource like any other: it has a name, a key and an owner, and differs from itself in nothing. */
function isWhole(resource: Resource): void {
  const kind = kindOf(resource.type)
  for (const text of [kind.key(resource), kind.name(resource), kind.owner(resource)])
    assert.ok(typeof text === 'string' && !text.includes('undefined'), text)
  for (const field of addresses) {
    const value: unknown = (resource as unknown as Record<string, unknown>)[field]
    assert.ok(value === undefined || (typeof value === 'string' && written.test(value)), `${field}: ${value}`)
  }
  assert.deepEqual(kind.compare(resource, resource), [])
}

describe('answers of any bytes', function () {
  this.timeout(1_800_000)
  let dumps: Dumps
  before(async () => {
    dumps = await recordDumps()
  })
  /** A body, of whichever kind, and what it is read as: the kernel's types are not trusted either. */
  const body = (random: Random) => {
    const type = random.pick(dumped)
    return { type, bytes: changedMessage(dumps.bodies[random.once(10) ? random.pick(dumped) : type], random) }
  }

  it('there are real ones of every kind', () => {
    for (const type of dumped) {
      assert.ok(dumps.bodies[type].length > 3, type)
      const read = dumps.bodies[type].map(bytes => readAmid(bytes, each => kindOf(type).read!(each, dumps.context)))
      assert.ok(
        read.some(each => each !== undefined),
        type,
      )
    }
  })

  it('make resources that are whole, or none', () => {
    let whole = 0
    fuzz({
      what: 'dumped resources',
      share: 20_000,
      make: body,
      check({ type, bytes }) {
        const found = readAmid(bytes, each => kindOf(type).read!(each, dumps.context))
        if (found === undefined) return
        whole++
        isWhole(found)
      },
    })
    assert.ok(whole > 0 || process.env.FUZZ === '1')
  })

  it('are passed over, or not, by what they hold themselves', () => {
    const said = { route: new Map(), rule: new Map() } as never
    fuzz({
      what: 'routes and rules to pass over',
      share: 10_000,
      make: random => ({
        type: random.pick(['route', 'rule'] as const),
        bytes: changedMessage(dumps.bodies.route, random),
      }),
      check: ({ type, bytes }) =>
        void readAmid(bytes, each => kindOf(type as Dumped).read!(each, { ...dumps.context, said })),
    })
  })

  it('give names, counters and peers of links', () => {
    fuzz({
      what: 'names, counters and peers of links',
      share: 10_000,
      make: random => changedMessage(dumps.bodies.link, random),
      check(bytes) {
        const named = readAmid(bytes, readLinkName)
        assert.ok(named === undefined || (named[0] > 0 && named[1] !== ''))
        readAmid(bytes, readCounters)
        readAmid(bytes, each => vethMessage.read(each.bytes, each.start, each.end))
      },
    })
  })

  it('are taken apart to their end', () => {
    fuzz({
      what: 'datagrams',
      share: 10_000,
      make: random =>
        Buffer.concat(Array.from({ length: 1 + random.below(4) }, () => changedMessage(dumps.messages, random))),
      check(bytes) {
        const starts = messageStarts(bytes)
        for (const [index, at] of starts.entries()) {
          const end = endOfMessage(bytes, at, bytes.length)
          assert.ok(end >= at + 16 && end <= bytes.length && aligned(end) > at)
          assert.ok(index === 0 || at >= starts[index - 1]! + 16)
          assert.ok(Number.isInteger(errorIn(Buffer.concat([bytes, Buffer.alloc(4)]), at)))
        }
      },
    })
  })

  it('refuse in words, or say that nothing went wrong', () => {
    fuzz({
      what: 'acknowledgements',
      share: 10_000,
      make: random => ({ refusal: refusalOf(random, dumps), offset: random.below(80), type: random.below(70) }),
      check({ refusal, offset, type }) {
        const { errno, message } = readAmid(refusal, ({ bytes, start, end }) =>
          readAcknowledgement(bytes.subarray(0, end), start),
        )
        assert.ok(Number.isInteger(errno) && (message === undefined || typeof message === 'string'))
        if (refusal.length < 6) return
        attributeName(refusal, offset)
        missingAttributeName(refusal, { type, nest: offset })
      },
    })
  })

  it('tell settings, or do not', () => {
    fuzz({
      what: 'netconf answers',
      share: 10_000,
      make: random => ({ bytes: changedMessage([netconf], random), wanted: random.below(8) }),
      check({ bytes, wanted }) {
        const value = readAmid(bytes, each => readAttribute({ type: 80, ...each }, wanted))
        assert.ok(value === undefined || Number.isInteger(value))
      },
    })
  })
})

/** struct netconfmsg, then six attributes of four bytes each. */
const netconf = Buffer.concat([
  Buffer.from([2, 0, 0, 0]),
  ...[1, 2, 3, 4, 5, 6].map(type => Buffer.from([8, 0, type, 0, type, 0, 0, 0])),
])

/** NLMSG_ERROR or NLMSG_DONE with a real request behind it and words of the kernel's, and then damaged. */
function refusalOf(random: Random, { messages }: Dumps): Buffer {
  const request = random.pick(messages)
  const words = Buffer.from(
    '\x0c\0\x01\0no such\0\x08\0\x02\0\x20\0\0\0\x08\0\x05\0\x03\0\0\0\x08\0\x06\0\x20\0\0\0',
    'latin1',
  )
  const capped = random.once(2)
  const header = Buffer.alloc(20)
  const whole = Buffer.concat([header, capped ? request.subarray(0, 16) : request, words])
  whole.writeUInt32LE(whole.length, 0)
  whole.writeUInt16LE(random.pick([2, 2, 3, 16]), 4)
  whole.writeUInt16LE((capped ? 0x100 : 0) | 0x200, 6)
  whole.writeInt32LE(-17, 16)
  return random.once(4) ? changedMessage(messages, random) : changedMessage([whole], random)
}
