/** A file, a text or a plain object in; a topology's source, with a name that nobody else's lab has, out. */
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { finder } from '../kernel/found.js'
import type { Source } from '../model/document.js'
import { LabError } from './failure.js'
import { uniqueName } from './unique.js'

/** A file's path, YAML (what has several lines is no path), or the topology as a plain object. */
export type Topology = string | object

export interface SourceOptions {
  /** Instead of the one in the file. */
  readonly name?: string
  /** Values for the file's `${NAME}`, looked up before the environment. */
  readonly variables?: Readonly<Record<string, string | number>>
  /** False: the lab has just the name that the file says, as `nstopo up` gives it. True unless said otherwise. */
  readonly unique?: boolean
}

export function sourceFrom(topology: Topology, { name, variables = {}, unique = true }: SourceOptions): Source {
  const read = readTopology(topology)
  const chosen = unique ? uniqueName(name ?? nameIn(read)) : name
  const said = Object.entries(variables).map(([key, value]) => [key, `${value}`] as const)
  const known = { ...Object.create(null), ...Object.fromEntries(said) }
  const source = { ...read, variables: known, environment: process.env, files: finder() }
  return chosen === undefined ? source : { ...source, name: chosen }
}

type Read = Pick<Source, 'text' | 'label' | 'path'>

/** @throws LabError for a file that can't be read */
export function readTopology(topology: Topology): Read {
  if (typeof topology !== 'string') return { text: JSON.stringify(topology, null, 2), label: 'object' }
  if (topology.includes('\n')) return { text: dedented(topology), label: 'text' }
  try {
    return { text: readFileSync(topology, 'utf8'), label: topology, path: resolve(topology) }
  } catch (thrown) {
    throw new LabError(`the topology ${topology} cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
}

function nameIn({ text, path }: Read): string {
  const [, said] = /^\s*"?name"?:\s*"?([a-z0-9][a-z0-9-]*)"?,?\s*$/m.exec(text) ?? []
  return said ?? (path === undefined ? 'lab' : basename(path).replace(/(\.nstopo)?\.(ya?ml|json)$/i, ''))
}

/** A template in a program is indented as the program is. */
function dedented(text: string): string {
  const lines = text.replace(/^[ \t]*\n/, '').split('\n')
  const indents = lines.filter(line => line.trim() !== '').map(line => /^ */.exec(line)![0].length)
  const least = Math.min(...indents, 1000)
  return lines.map(line => line.slice(least)).join('\n')
}

/** The text of a template: texts stand in it as they are, anything else as JSON. */
export function textOf(pieces: TemplateStringsArray, values: readonly unknown[]): string {
  const texts = values.map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
  return `${pieces.map((piece, index) => piece + (texts[index] ?? '')).join('')}\n`
}
