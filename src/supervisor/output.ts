/** What a process writes in; its log, of a limited size, and lines for who waits for one, out. */
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs'
import { constants as os } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import { SPLICE_F_NONBLOCK } from '../../native/constants.js'
import { mkfifo, type Readable, splice, whenReadable } from '../../native/libc.js'
import { checked, unless } from '../kernel/errors.js'
import type { Place, Position } from '../kernel/host/journal.js'

const lastLines = 10
const longestLine = 16 * 1024
const room = Buffer.alloc(64 * 1024)
const offset = Buffer.alloc(8)
/** What a FIFO may hold is read in so many parts, unless somebody goes on writing. */
const parts = 32

/**
 * A FIFO stands between: the process holds both of its ends, so that it can go on when the supervisor is killed, and what it
 * writes meanwhile is read by the next one (fifo(7)). The kernel moves it from there into the log in one call: whenever the
 * supervisor is killed, no line is in its hands. Of the log there are two files, each of half the limit.
 */
export class Output {
  /** The last ones. */
  readonly last: string[] = []
  private readonly listeners = new Set<(line: string) => void>()
  private readonly watch: Readable
  private readonly fd: number
  private log: number
  /** A chunk may end in the middle of a letter. */
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''
  private size: number

  constructor(
    private readonly place: Place,
    /** Bytes */
    public limit: number,
  ) {
    if (!existsSync(place.fifo)) checked(mkfifo(place.fifo, 0o600), `make ${place.fifo}`)
    // A program that opens /dev/stdout anew may be anybody's; no stranger can reach the folder.
    chmodSync(place.fifo, 0o622)
    // Before anything is held that nobody would close.
    for (const line of endOf(place.log)
      .split('\n')
      .slice(-lastLines - 1, -1))
      this.keep(line)
    const [fifo, log] = openBoth(place)
    this.fd = fifo
    this.log = log
    this.size = fstatSync(log).size
    this.watch = whenReadable(fifo, () => this.drain())
  }

  /** For a process that is to be started, to be closed. */
  descriptor(): number {
    return openSync(this.place.fifo, constants.O_RDWR)
  }

  /** Where what comes next will stand. */
  position(): Position {
    this.drain()
    return { inode: fstatSync(this.log).ino, offset: this.size }
  }

  /** Calls `take` with each line from there on, those that have come already first; returns how to stop it. */
  listen(from: Position, take: (line: string) => void): () => void {
    for (const line of this.since(from).split('\n').slice(0, -1)) take(line)
    this.listeners.add(take)
    return () => this.listeners.delete(take)
  }

  /** Takes what has been written and not yet told: when a process has ended, its last words. */
  drain(): void {
    for (let part = 0; part < parts; part++) if (this.move() <= 0) return
  }

  /** What it wrote before is nobody's last words any more. */
  forget(): void {
    this.drain()
    this.last.length = 0
    this.rest = ''
  }

  /** A last line that did not end is one too. */
  tail(): readonly string[] {
    return [...this.last, ...(this.rest === '' ? [] : [this.rest])].slice(-lastLines)
  }

  close(): void {
    this.drain()
    this.watch.close()
    closeSync(this.fd)
    closeSync(this.log)
  }

  /** How many bytes; none, or an errno as a negative number, when nothing is there. */
  private move(): number {
    const half = Math.max(1, Math.floor(this.limit / 2))
    if (this.size >= half) this.rotate()
    offset.writeBigInt64LE(BigInt(this.size))
    const most = Math.min(room.length, half - this.size)
    const moved = splice(this.fd, null, this.log, offset, most, SPLICE_F_NONBLOCK)
    if (moved === -os.errno.EAGAIN) return moved
    if (moved <= 0) return this.discard()
    this.take(room.subarray(0, readSync(this.log, room, 0, moved, this.size)))
    this.size += moved
    return moved
  }

  /** Memory is full: the process goes on without a log. */
  private discard(): number {
    const size = unless(['EAGAIN'], () => readSync(this.fd, room)) ?? 0
    this.take(room.subarray(0, size))
    return size
  }

  private take(bytes: Buffer): void {
    const lines = (this.rest + this.decoder.write(bytes)).split('\n')
    this.rest = (lines.pop() ?? '').slice(-longestLine)
    for (const line of lines) {
      this.keep(line)
      for (const listener of this.listeners) listener(line)
    }
  }

  private keep(line: string): void {
    if (this.last.push(line.slice(0, longestLine)) > lastLines) this.last.shift()
  }

  private rotate(): void {
    closeSync(this.log)
    unless(['ENOENT'], () => renameSync(this.place.log, this.place.older))
    this.log = openLog(this.place)
    this.size = 0
  }

  private since({ inode, offset }: Position): string {
    const { log, older } = this.place
    const at = [older, log].map(path => statSync(path, { throwIfNoEntry: false })?.ino)
    if (at[1] === inode) return readFileSync(log).subarray(offset).toString('utf8')
    const rest = at[0] === inode ? readFileSync(older).subarray(offset).toString('utf8') : ''
    return rest + (at[1] === undefined ? '' : readFileSync(log, 'utf8'))
  }
}

function openBoth(place: Place): readonly [fifo: number, log: number] {
  const fifo = openSync(place.fifo, constants.O_RDWR | constants.O_NONBLOCK)
  try {
    return [fifo, openLog(place)]
  } catch (thrown) {
    closeSync(fifo)
    throw thrown
  }
}

function openLog({ log }: Place): number {
  return openSync(log, constants.O_RDWR | constants.O_CREAT, 0o600)
}

/** As much of a file's end as the last lines take. */
function endOf(path: string): string {
  if (!existsSync(path)) return ''
  const fd = openSync(path, 'r')
  const size = readSync(fd, room, 0, longestLine, Math.max(0, fstatSync(fd).size - longestLine))
  closeSync(fd)
  return room.toString('utf8', 0, size)
}
