/** Rows of cells in, lines with aligned columns out. */

/** Columns two blanks apart, each as wide as its widest cell; nothing trails. */
export function table(rows: readonly (readonly string[])[], indent = ''): readonly string[] {
  const columns = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map(row => width(row[column] ?? ''))))
  const line = (row: readonly string[]) => row.map((cell, column) => pad(cell, widths[column]!)).join('  ')
  return rows.map(row => indent + line(row).trimEnd())
}

function pad(cell: string, to: number): string {
  return cell + ' '.repeat(to - width(cell))
}

/** Code points, without the escape sequences of colours. */
function width(cell: string): number {
  return [...cell.replace(/\x1b\[[0-9;]*m/g, '')].length
}

/** `1 node`, `2 nodes` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/**
 * Text from elsewhere, with what a terminal would obey made visible: control characters, line separators, and those that
 * turn the direction of writing around (Unicode Standard Annex 9), with which a name could look like another.
 */
export function plain(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, character => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`
  })
}

/** `850 ms`, `2.4 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** The largest unit that is not under one: `12 s`, `5 min`, `3 h`, `2 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`
}

/** `850 B`, `64 KiB`, `1.5 GiB` */
export function bytes(number: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, number)) / 10))
  return `${Number((number / 1024 ** power).toFixed(1))} ${units[power]}`
}

/** Items by a key, both in the order in which they came (Map.groupBy, which Node 20 lacks). */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
