/** Pieces of a program's output in; whole lines, each behind a prefix, out. */

export interface Lines {
  text(piece: string): void
  /** Nothing more comes: a line that was begun is one. */
  end(): void
}

/** Whole lines, so that programs which write side by side never share one. */
export function named(prefix: string, write: (text: string) => void): Lines {
  let rest = ''
  return {
    text(piece) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      if (lines.length > 0) write(lines.map(line => `${prefix}${line}\n`).join(''))
    },
    end() {
      if (rest !== '') write(`${prefix}${rest}\n`)
    },
  }
}
