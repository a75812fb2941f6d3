/** Netlink messages, written one after the other into one buffer that grows. */

const headerLength = 16
const { NLM_F_REQUEST } = { NLM_F_REQUEST: 1 }

/** A part of a message that was received: bytes from `start` to before `end`. */
export interface Body {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

export class Batch {
  bytes: Buffer
  /** Bytes used. */
  length = 0
  /** Where each message starts. */
  readonly starts: number[] = []

  constructor(capacity = 4096) {
    this.bytes = Buffer.alloc(capacity)
  }

  /** Starts a message (netlink(7)); its length is filled in by `end`. */
  begin(type: number, flags: number): void {
    this.starts.push(this.length)
    const at = this.reserve(headerLength)
    this.bytes.writeUInt16LE(type, at + 4)
    this.bytes.writeUInt16LE(NLM_F_REQUEST | flags, at + 6)
  }

  end(): void {
    const start = this.starts[this.starts.length - 1]!
    this.bytes.writeUInt32LE(this.length - start, start)
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

  /** Messages `from` to `to` alone, in the same memory. */
  part(from: number, to: number): Batch {
    const start = this.starts[from] ?? this.length
    const end = this.starts[to] ?? this.length
    const part = new Batch(0)
    part.bytes = this.bytes.subarray(start, end)
    part.length = end - start
    part.starts.push(...this.starts.slice(from, to).map(each => each - start))
    return part
  }

  private grow(): void {
    const larger = Buffer.alloc(Math.max(this.length, this.bytes.length * 2))
    this.bytes.copy(larger)
    this.bytes = larger
  }
}
