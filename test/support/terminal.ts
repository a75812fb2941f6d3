/** A command line in; a terminal of its own that it runs on out: what is typed there, what it shows, and its size. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { ioctl } from '../../native/libc.js'

/** asm-generic/ioctls.h */
const [TIOCSPTLCK, TIOCGPTN, TIOCSWINSZ] = [0x4004_5431, 0x8004_5430, 0x5414]

export class Terminal {
  /** All that it has shown. */
  shown = ''
  private read = 0
  private readonly master: number
  private readonly output: ReadStream
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown[]>

  /** @param words a program and its arguments, in a session whose terminal it is (pty(7)) */
  constructor(words: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const { O_RDWR, O_NOCTTY } = constants
    this.master = openSync('/dev/ptmx', O_RDWR | O_NOCTTY)
    const number = Buffer.alloc(4)
    ioctl(this.master, TIOCSPTLCK, number)
    ioctl(this.master, TIOCGPTN, number)
    const slave = openSync(`/dev/pts/${number.readInt32LE()}`, O_RDWR | O_NOCTTY)
    this.resize(24, 80)
    this.child = spawn('setsid', ['--ctty', '--wait', ...words], { stdio: [slave, slave, slave], env })
    closeSync(slave)
    this.ended = once(this.child, 'exit')
    this.output = new ReadStream(this.master)
    this.output.setEncoding('utf8').on('data', text => {
      this.shown += text
    })
    // How a terminal ends that nobody has open any more (EIO).
    this.output.on('error', () => {})
  }

  type(text: string): void {
    writeSync(this.master, text)
  }

  /** Waits until it shows this, after what was waited for before. @throws when it has not after five minutes */
  async until(wanted: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + 300_000
    for (;;) {
      const found = wanted.exec(this.shown.slice(this.read))
      if (found) {
        this.read += found.index + found[0].length
        return found
      }
      if (performance.now() > deadline) throw new Error(`no ${wanted} in ${JSON.stringify(this.shown)}`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  resize(rows: number, columns: number): void {
    const size = Buffer.alloc(8)
    size.writeUInt16LE(rows, 0)
    size.writeUInt16LE(columns, 2)
    ioctl(this.master, TIOCSWINSZ, size)
  }

  /** Its exit status, once it has ended. */
  async status(): Promise<number> {
    const [code] = await this.ended
    return code as number
  }

  /** Ends what is left of it: who loses its terminal is hung up. */
  async close(): Promise<void> {
    this.output.destroy()
    this.child.kill('SIGKILL')
    await this.ended
  }
}
