/** Real answers of the kernel and random choices in; messages as no kernel should send them out. */
import type { Random } from './random.js'

/** Lengths that readers get wrong: none, shorter than a header, misaligned, one too many, as much as there can be. */
const lengths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 20, 32, 0x7fff, 0x8000, 0xfffc, 0xffff]

type Change = (bytes: Buffer, random: Random) => Buffer

function at(bytes: Buffer, random: Random): number {
  return random.below(bytes.length + 1)
}

function spliced(bytes: Buffer, from: number, to: number, between: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)])
}

export function randomBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}

function attribute(type: number, payload: Buffer, length = payload.length + 4): Buffer {
  const bytes = Buffer.alloc((payload.length + 7) & ~3)
  bytes.writeUInt16LE(length & 0xffff, 0)
  bytes.writeUInt16LE(type & 0xffff, 2)
  payload.copy(bytes, 4)
  return bytes
}

/** Nests that mean something here, inside of each other: information on links, their data and peers, next hops, metrics. */
function nests(depth: number, random: Random): Buffer {
  let bytes = randomBytes(random.below(12), random)
  for (let level = 0; level < depth && bytes.length < 60_000; level++) {
    const type = random.pick([1, 2, 8, 9, 18, 20, 26]) | (random.once(2) ? 0x8000 : 0)
    bytes = attribute(type, bytes, random.once(8) ? random.pick(lengths) : undefined)
  }
  return bytes
}

const changes: readonly Change[] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    if (bytes.length > 0)
      changed[random.below(bytes.length)] = random.pick([0, 1, 2, 10, 0x7f, 0x80, 0xff, random.below(256)])
    return changed
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    const place = random.below(bytes.length >> 2) * 4 + random.pick([0, 2])
    if (bytes.length >= 4)
      changed.writeUInt16LE(random.pick([...lengths, bytes.length, bytes.length - place]) & 0xffff, place)
    return changed
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => Buffer.concat([bytes, randomBytes(random.below(24), random)]),
  (bytes, random) => spliced(bytes, at(bytes, random) & ~3, bytes.length, bytes.subarray(0, at(bytes, random))),
  (bytes, random) => {
    const place = at(bytes, random) & ~3
    const payload = randomBytes(random.below(40), random)
    const length = random.once(4) ? random.pick(lengths) : undefined
    return spliced(bytes, place, place, attribute(random.pick([random.below(64), random.word()]), payload, length))
  },
  (bytes, random) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random) & ~3), nests(random.pick([2, 8, 400]), random)]),
  (bytes, random) => spliced(bytes, at(bytes, random), at(bytes, random), randomBytes(random.below(5), random)),
]

/** A few changes to a real message; once in a while nothing but noise. */
export function changedMessage(real: readonly Buffer[], random: Random): Buffer {
  if (random.once(20)) return randomBytes(random.below(200), random)
  let bytes: Buffer = random.pick(real)
  for (let left = 1 + random.below(4); left > 0; left--) bytes = random.pick(changes)(bytes, random)
  return bytes.subarray(0, 65536)
}

/** The same bytes amid different others, as messages stand among others in a receive buffer, and at a buffer's end. */
export function surrounded(bytes: Buffer, before: number): readonly { bytes: Buffer; start: number; end: number }[] {
  return [
    [0x5a, 64],
    [0xff, 64],
    [0, 0],
  ].map(([fill, after]) => {
    const whole = Buffer.alloc(before + bytes.length + after!, fill)
    bytes.copy(whole, before)
    return { bytes: whole, start: before, end: before + bytes.length }
  })
}
