/** The files of a log, the oldest first, in; its text out, and what is written to it from then on. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

export interface LogReader {
  /** What has come since the last call; undefined once there is no such log any more. */
  more(): string | undefined
  close(): void
}

interface Opened {
  readonly descriptor: number
  readonly inode: number
}

/**
 * A file that is full is renamed, and a new one begun: what is open is read to its end first.
 * @param missed told when all that was there before has been written over since the last look
 */
export function logReader(files: () => readonly string[], missed: () => void = () => {}): LogReader {
  const decoder = new StringDecoder('utf8')
  let held: Opened | undefined
  const take = (next: Opened): string => {
    if (held) closeSync(held.descriptor)
    held = next
    return decoder.write(rest(next.descriptor))
  }
  return {
    more() {
      // The rest of this one before anything else: it may have been renamed meanwhile.
      const before = held ? decoder.write(rest(held.descriptor)) : ''
      const there = openAll(files())
      const at = there.findIndex(({ inode }) => inode === held?.inode)
      for (const { descriptor } of there.slice(0, at + 1)) closeSync(descriptor)
      // What came between the two looks, to a file that is not written to any more.
      const last = held && at < there.length - 1 ? decoder.write(rest(held.descriptor)) : ''
      if (held && at < 0 && there.length > 0) missed()
      if (there.length === 0 && before === '') return undefined
      return (
        before +
        last +
        there
          .slice(at + 1)
          .map(take)
          .join('')
      )
    },
    close() {
      if (held) closeSync(held.descriptor)
      held = undefined
    },
  }
}

/** Those that are there; the newest is opened first, as one may be renamed to the place of an older one meanwhile. */
function openAll(paths: readonly string[]): readonly Opened[] {
  const opened: Opened[] = []
  for (const path of paths.toReversed()) {
    const descriptor = openIfThere(path)
    if (descriptor === undefined) continue
    const { ino: inode } = fstatSync(descriptor)
    if (opened.some(other => other.inode === inode)) closeSync(descriptor)
    else opened.unshift({ descriptor, inode })
  }
  return opened
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
}

function rest(descriptor: number): Buffer {
  const pieces: Buffer[] = []
  for (;;) {
    const piece = Buffer.allocUnsafe(1 << 16)
    const length = readSync(descriptor, piece)
    if (length === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, length))
  }
}
