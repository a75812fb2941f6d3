import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { SO_RCVBUF, SOL_SOCKET } from '../../native/constants.js'
import { close, send, setsockopt } from '../../native/libc.js'
import { openSocket, sendBatch } from '../../src/kernel/conversation.js'
import { type Answer, type LabSpace, SystemError } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { dump } from '../../src/kernel/questions.js'
import {
  attribute,
  batch,
  create,
  deleteLink,
  ip,
  kindOf,
  labName,
  listLinks,
  type Message,
  newLink,
  recordOf,
  withLab,
} from './lab.js'

/** Bridges with these indexes, named after them. */
const bridges = (from: number, to: number): Message[] =>
  Array.from({ length: to - from }, (_, i) =>
    newLink({ index: from + i, flags: create }, ...kindOf(`b${from + i}`, 'bridge')),
  )

const indexOf = ({ bytes, start }: Answer) => bytes.readInt32LE(start + 4)

describe('a conversation with rtnetlink', () => {
  it('applies every message of a batch', () =>
    withLab(['h1', 'h2'], space => {
      const refusals = space.send('h1', batch(newLink({ index: 1, up: true }), ...bridges(1000, 1003)))
      assert.deepEqual(refusals, [])
      const links = ip('-n', `${space.lab}.h1`, 'link')
      assert.deepEqual(
        links.map(link => link.ifname),
        ['lo', 'b1000', 'b1001', 'b1002'],
      )
      assert.ok((links[0]!.flags as string[]).includes('UP'))
      assert.equal(ip('-n', `${space.lab}.h2`, 'link').length, 1)
    }))

  it('makes a veth pair across two namespaces from the first one', () =>
    withLab(['h1', 'h2'], space => {
      const header = Buffer.alloc(16)
      header.writeInt32LE(1001, 4)
      const peer = attribute(1, Buffer.concat([header, attribute(3, 'eth0\0'), attribute(28, space.descriptor('h2'))]))
      const veth = newLink(
        { index: 1000, flags: create },
        attribute(28, space.descriptor('h1')),
        ...kindOf('eth0', 'veth', peer),
      )
      assert.deepEqual(space.send(undefined, batch(veth)), [])
      assert.equal(ip('-n', `${space.lab}.h1`, 'link', 'show', 'eth0')[0]!.ifindex, 1000)
      assert.equal(ip('-n', `${space.lab}.h2`, 'link', 'show', 'eth0')[0]!.ifindex, 1001)
    }))

  it('matches a refusal in the middle, with errno, words and attribute, and goes on', () =>
    withLab(['h1'], space => {
      const badMtu = newLink({ index: 1000, flags: create }, ...kindOf('b1000', 'bridge'), attribute(4, 'x'))
      const badTimer = newLink({ index: 1002, flags: create }, ...kindOf('b1002', 'bridge', attribute(1, 'x')))
      const refusals = space.send(
        'h1',
        batch(badMtu, ...bridges(1001, 1002), badTimer, ...bridges(1001, 1002), ...bridges(1003, 1004)),
      )
      assert.deepEqual(
        refusals.map(({ index, errno, attribute }) => [index, errno, attribute]),
        [
          [0, 'ERANGE', 'IFLA_MTU'],
          [2, 'ERANGE', 'IFLA_BR_FORWARD_DELAY'],
          [3, 'EEXIST', undefined],
        ],
      )
      assert.equal(refusals[0]!.text, 'Numerical result out of range')
      assert.match(refusals[0]!.message!, /attribute/i)
      assert.deepEqual(
        ip('-n', `${space.lab}.h1`, 'link').map(link => link.ifname),
        ['lo', 'b1001', 'b1003'],
      )
    }))

  it('names the attribute inside of a peer', () =>
    withLab(['h1'], space => {
      const peer = attribute(1, Buffer.concat([Buffer.alloc(16), attribute(3, 'p\0'), attribute(4, 'x')]))
      const [refusal] = space.send('h1', batch(newLink({ index: 1000, flags: create }, ...kindOf('a', 'veth', peer))))
      assert.deepEqual([refusal!.errno, refusal!.attribute], ['ERANGE', 'IFLA_MTU'])
    }))

  it('matches thousands of refusals, over several sends and through a small receive buffer', () =>
    withLab(['h1'], space => {
      const wrong = Array.from({ length: 1500 }, () => deleteLink(4711))
      const messages = batch(...wrong, ...bridges(1000, 1001), ...wrong)
      const expected = [
        ...Array.from({ length: 1500 }, (_, i) => i),
        ...Array.from({ length: 1500 }, (_, i) => i + 1501),
      ]
      const check = (refusals: ReturnType<LabSpace['send']>) => {
        assert.deepEqual(
          refusals.map(({ index }) => index),
          expected,
        )
        assert.ok(refusals.every(({ errno }) => errno === 'ENODEV'))
      }
      check(space.send('h1', messages))
      const socket = openSocket()
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, Buffer.from([0, 0, 0, 0]), 4)
      assert.equal(sendBatch(socket, batch(...wrong)).length, 1500)
      close(socket)
    }))

  it('dumps far more than one datagram holds', () =>
    withLab(['h1'], space => {
      assert.deepEqual(space.send('h1', batch(...bridges(1000, 1070))), [])
      const answers = space.dump('h1', listLinks())
      assert.ok(answers.reduce((size, { start, end }) => size + end - start, 0) > 65536)
      const indexes = ip('-n', `${space.lab}.h1`, 'link').map(link => link.ifindex)
      assert.deepEqual(answers.map(indexOf).sort(), indexes.sort())
      assert.ok(answers.every(({ type }) => type === 16))
    }))

  it('asks again when a dump was interrupted', async function () {
    // Where another process's changes fall into a dump is chance.
    this.retries(2)
    const space = linux().space(labName())
    space.create(recordOf(space.lab))
    space.createNode('h1')
    assert.deepEqual(space.send('h1', batch(...Array.from({ length: 2000 }, (_, i) => newAddress(i)))), [])
    space.home()
    const changes = changeAddresses(space)
    try {
      const line = lineTo(space)
      for (let round = 0; line.opened() < 2; round++) {
        assert.ok(round < 20_000, 'no dump was interrupted')
        const found = dump(line, listAddresses()).map(({ bytes, start }) => bytes.readUInt32BE(start + 12))
        assert.equal(new Set(found).size, found.length)
        assert.equal(found.filter(address => address < 0x0b000000).length, 2000)
        space.home()
        await setImmediate()
      }
      line.hangUp()
    } finally {
      changes.kill('SIGKILL')
      await once(changes, 'exit')
      space.remove()
    }
  })

  it('asks again, on a new socket, when answers were lost', () =>
    withLab(['h1'], space => {
      space.send('h1', batch(...bridges(1000, 1020)))
      // The first socket is full of answers to other questions, which nobody took.
      const line = lineTo(space, overflow)
      assert.equal(dump(line, listLinks()).length, 21)
      assert.equal(line.opened(), 2)
      line.hangUp()
    }))

  it('says what was refused when a dump is', () =>
    withLab(['h1'], space => {
      // A strict kernel takes no attribute that it doesn't know in a request for addresses.
      const request = batch({ type: 22, flags: 0x300, body: Buffer.concat([Buffer.alloc(8), attribute(2, 1)]) })
      assert.throws(
        () => space.dump('h1', request),
        (error: unknown) =>
          error instanceof SystemError && error.operation === 'list the addresses' && error.errno === 'EINVAL',
      )
    }))
})

/** Sockets in the node h1, counted; `first` is done to the first of them. */
function lineTo(space: LabSpace, first: (socket: number) => void = () => {}) {
  let opened = 0
  let current: number | undefined
  return {
    opened: () => opened,
    socket() {
      if (current !== undefined) return current
      space.readSysctls('h1', ['net.ipv4.ip_forward'])[0]
      current = openSocket()
      if (opened++ === 0) first(current)
      return current
    },
    hangUp() {
      if (current !== undefined) close(current)
      current = undefined
    },
  }
}

/** Fills a socket's receive buffer with refusals, more than it holds. */
function overflow(socket: number): void {
  setsockopt(socket, SOL_SOCKET, SO_RCVBUF, Buffer.alloc(4), 4)
  const wrong = batch(...Array.from({ length: 100 }, () => deleteLink(4711)))
  assert.equal(send(socket, wrong.bytes, wrong.length, 0), wrong.length)
}

/** RTM_NEWADDR of 10.0.0.0 and the following, each as a /32 on lo: struct ifaddrmsg, IFA_LOCAL. */
function newAddress(number: number): Message {
  const address = Buffer.alloc(4)
  address.writeUInt32BE(0x0a000000 + number)
  return {
    type: 20,
    flags: create,
    body: Buffer.concat([Buffer.from([2, 32, 0, 0, 1, 0, 0, 0]), attribute(2, address)]),
  }
}

/** RTM_GETADDR of AF_INET, all of them. */
const listAddresses = () => batch({ type: 22, flags: 0x300, body: Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]) })

/** A process that adds and removes other addresses in h1 until it is ended. */
function changeAddresses(space: LabSpace): ChildProcess {
  const changes = spawn('ip', ['-n', `${space.lab}.h1`, '-force', '-batch', '-'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Commands that change nothing leave room for a dump between two changes.
  const idle = 'link set dev lo up\n'.repeat(500)
  const lines = `addr add 11.0.0.1/32 dev lo\n${idle}addr del 11.0.0.1/32 dev lo\n${idle}`
  const { stdin } = changes
  stdin.on('error', () => {})
  const more = () => {
    while (!stdin.destroyed && stdin.write(lines));
  }
  stdin.on('drain', more)
  more()
  return changes
}
