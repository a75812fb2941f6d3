import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LabSpace, Refusal } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { sendByKind, timed } from '../../src/kernel/timed.js'
import type { Batch } from '../../src/netlink/batch.js'
import { recorder } from '../../src/pipeline/recorder.js'
import { attribute, batch, create, deleteLink, kindOf, labName, listLinks, newLink, recordOf } from './lab.js'

/** RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELROUTE */
const types = [16, 17, 20, 25]

/** A kernel that refuses every message whose first byte is odd, and says which one that was. */
function refuseOdd({ bytes, starts, length }: Batch): readonly Refusal[] {
  return starts.flatMap((start, index) => {
    const number = bytes.readUInt32LE(start + 16)
    const size = (starts[index + 1] ?? length) - start
    return number % 2 === 0 ? [] : [{ index, errno: `${number}`, text: `${size}` }]
  })
}

describe('a kernel whose calls are timed', () => {
  it('sends each run of one kind by itself, and refuses the same messages', () => {
    const messages = fc.array(fc.record({ type: fc.constantFrom(...types), number: fc.nat(1000), more: fc.nat(5) }))
    fc.assert(
      fc.property(messages, all => {
        const bodies = all.map(({ type, number, more }) => {
          const body = Buffer.alloc(16 + 4 * more)
          body.writeUInt32LE(number)
          return { type, body }
        })
        const whole = batch(...bodies)
        const runs: number[] = []
        const refusals = sendByKind(whole, ({ message, count }, part) => {
          assert.equal(part.starts.length, count)
          assert.equal(new Set(part.starts.map(start => part.bytes.readUInt16LE(start + 4))).size, 1, message)
          runs.push(count)
          return refuseOdd(part)
        })
        assert.deepEqual(refusals, refuseOdd(whole))
        assert.equal(runs.length, all.filter(({ type }, at) => type !== all[at - 1]?.type).length)
      }),
    )
  })

  it('answers and refuses as the same kernel does untimed', () => {
    const mixed = () =>
      batch(
        newLink({ index: 1000, flags: create }, ...kindOf('b0', 'bridge')),
        newLink({ index: 1001, flags: create }, ...kindOf('b1', 'bridge'), attribute(4, 'x')),
        deleteLink(4711),
        newLink({ index: 1, up: true }),
        newLink({ index: 1002, flags: create }, ...kindOf('b0', 'bridge')),
      )
    const work = (space: LabSpace) => {
      space.create(recordOf(space.lab))
      try {
        space.createNode('h1')
        const refusals = space.send('h1', mixed())
        const indexes = space.dump('h1', listLinks()).map(({ bytes, start }) => bytes.readInt32LE(start + 4))
        space.writeSysctl('h1', 'net.ipv4.ip_forward', '1')
        const names = [...space.nodes().keys()]
        return {
          refusals,
          indexes,
          names,
          setting: space.readSysctls('h1', ['net.ipv4.ip_forward'])[0],
          up: space.exists,
        }
      } finally {
        space.remove()
      }
    }
    const trace = recorder()
    assert.deepEqual(work(timed(linux(), trace).space(labName())), work(linux().space(labName())))
    const told = trace.spans().map(({ name, count, more }) => [name, count ?? '', more?.node ?? more?.of ?? ''])
    assert.deepEqual(told, [
      ['load koffi', '', ''],
      ['mount the lab’s folder', 1, ''],
      ['create namespace', 1, 'h1'],
      ['create bridge', 2, 'h1'],
      ['remove link', 1, 'h1'],
      ['update link', 1, 'h1'],
      ['create bridge', 1, 'h1'],
      ['list links', 1, 'h1'],
      ['write setting', 1, 'h1'],
      ['list namespaces', 1, ''],
      ['read settings', 1, 'h1'],
      ['remove lab', 1, ''],
    ])
    assert.deepEqual(
      trace.spans().flatMap(({ more = {} }) => ('refused' in more ? [more.refused] : [])),
      [1, 1, 0, 1],
    )
  })

  it('throws what the kernel throws, and the span is over then', () => {
    const trace = recorder()
    const space = timed(linux(), trace).space(labName())
    assert.throws(() => space.createNode('h1'))
    assert.throws(() => space.dump('h1', listLinks()))
    assert.deepEqual(
      trace.spans().map(({ depth }) => depth),
      [0, 0, 0],
    )
  })
})
