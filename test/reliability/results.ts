/** What the drivers found → a file each, from which docs/reliability.md has its figures. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'

const folder = new URL('results/', import.meta.url)

/** The machine in general terms, and the day. */
export interface Run<T> {
  readonly machine: string
  readonly day: string
  readonly found: T
}

export function save<T>(name: string, found: T): void {
  const kernel = /^\d+\.\d+/.exec(release())?.[0] ?? release()
  const machine = `Linux ${kernel}, ${cpus().length} processors, Node ${process.version}`
  const run: Run<T> = { machine, day: new Date().toISOString().slice(0, 10), found }
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(run, undefined, 2)}\n`)
}

export function saved<T>(name: string): Run<T> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}
