/** Paths below /proc and /sys in, the numbers that stand there out; undefined where nobody can know. */
import { readFileSync } from 'node:fs'
import { unless } from '../errors.js'

/** Where the kernel shows itself: tests show it otherwise. */
export interface Roots {
  readonly proc: string
  readonly sys: string
}

export const roots: Roots = { proc: '/proc', sys: '/sys' }

/** What stands in a file that may be missing, or not for this user to read. */
export function readText(path: string): string | undefined {
  return unless(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EINVAL', 'EIO', 'ESRCH'], () => readFileSync(path, 'utf8'))
}

export function readNumber(path: string): number | undefined {
  return numberOf(readText(path))
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** A setting of the machine by its name with dots. */
export function readSetting(name: string, { proc }: Roots): number | undefined {
  return readNumber(`${proc}/sys/${name.replaceAll('.', '/')}`)
}

/** Of lines such as `MemAvailable:  24213000 kB` or `inactive_file 4096`. */
export function lineNumber(text: string | undefined, name: string): number | undefined {
  return numberOf(text && new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text)?.[1])
}

/** With one digit that is not zero: 1283 gives 2000. Such numbers are easily told, and leave some room. */
export function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return Math.ceil(value / unit) * unit
}

export function sum(...parts: readonly (number | undefined)[]): number {
  return parts.reduce<number>((total, part) => total + (part ?? 0), 0)
}

/** `1 more network namespace`, `2 more network namespaces` */
export function more(count: number, noun: string, plural = 's'): string {
  return `${count} more ${noun}${count === 1 ? '' : plural}`
}
