/** Netlink messages, written one after the other into one buffer that grows. */

const headerLength = 16
const { NLM_F_REQUEST } = { NLM_F_REQUEST: 1 }

/** A part of a message that was received: bytes from `start` to before `end`. */
export interface Body {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/**
 * Everything in a message is aligned to four bytes, so numbers are put through views of the same memory: by `bytes`' own
 * methods, writing a large lab's messages takes half as long again.
 */
export class Batch {
  bytes!: Buffer
  /** The same memory as numbers of 16 and of 32 bits, in the machine's byte order, as netlink has it. */
  halves!: Uint16Array
  words!: Uint32Array
  /** Bytes used. */
  length = 0
  /** Where each message starts. */
  readonly starts: number[] = []

  /** @param capacity bytes, a multiple of four */
  constructor(capacity = 4096) {
    this.use(Buffer.alloc(capacity))
  }

  /** Starts a message (netlink(7)); its length is filled in by `end`. */
  begin(type: number, flags: number): void {
    this.starts.push(this.length)
    const at = this.reserve(headerLength) >> 1
    this.halves[at + 2] = type
    this.halves[at + 3] = NLM_F_REQUEST | flags
  }

  end(): void {
    const start = this.starts[this.starts.length - 1]!
    this.words[start >> 2] = this.length - start
  }

  /** Room for `size` bytes, zeroed, padded to four; returns where it starts. */
  reserve(size: number): number {
    const at = this.length
    this.length += (size + 3) & ~3
    if (this.length > this.bytes.length) this.grow()
    return at
  }

  clear(): void {
    this.bytes.fill(0, 0, this.length)
    this.length = 0
    this.starts.length = 0
  }

  /** Messages `from` to before `to`, in the same memory. */
  part(from: number, to: number): Batch {
    const start = this.starts[from] ?? this.length
    const end = this.starts[to] ?? this.length
    const part = new Batch(0)
    part.use(this.bytes.subarray(start, end))
    part.length = end - start
    part.starts.push(...this.starts.slice(from, to).map(each => each - start))
    return part
  }

  private grow(): void {
    const larger = Buffer.alloc(Math.max(this.length, this.bytes.length * 2))
    this.bytes.copy(larger)
    this.use(larger)
  }

  private use(bytes: Buffer): void {
    this.bytes = bytes
    this.halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1)
    this.words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  }
}
