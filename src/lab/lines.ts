/** A stream in; its lines, from the first on, for whoever wants them, however late, out. */
import type { Readable } from 'node:stream'

export class Lines implements AsyncIterable<string> {
  /** All that came so far. */
  text = ''
  #ended = false
  readonly #waiting = new Set<() => void>()

  constructor(stream: Readable) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      this.text += text
      this.#wake()
    })
    stream.on('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  /** Each line without its end, as soon as it is whole; over when the program has closed the stream. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (let from = 0; ; ) {
      const end = this.text.indexOf('\n', from)
      if (end >= 0) {
        yield this.text.slice(from, end)
        from = end + 1
      } else if (!this.#ended) await this.#more()
      else {
        if (from < this.text.length) yield this.text.slice(from)
        return
      }
    }
  }

  #more(): Promise<void> {
    return new Promise(resolve => this.#waiting.add(resolve))
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
