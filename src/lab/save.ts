/** A lab in; a folder with what it was and what its programs have said out: what a failed test leaves for its reader. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unless } from '../kernel/errors.js'
import type { Source } from '../model/document.js'
import { diff, inspect, processes } from '../pipeline.js'
import { renderDiff } from '../render/diff.js'
import { inspectionJson } from '../render/json.js'
import type { Captures } from './captures.js'
import { type Context, withSpace } from './context.js'

export interface Saved {
  readonly source: Source
  readonly captures: Captures | undefined
}

/** Whatever can't be said any more is left out. @returns the folder's whole path */
export function save(context: Context, { source, captures }: Saved, folder: string): string {
  const path = resolve(folder)
  mkdirSync(path, { recursive: true })
  const write = (name: string, text: string | undefined) => text !== undefined && writeFileSync(join(path, name), text)
  write('topology.yaml', source.text)
  const { value: seen } = inspect(context.name, context.kernel)
  write('inspect.json', seen && JSON.stringify(inspectionJson(seen), null, 2))
  const { value: differences, document } = diff({ lab: context.name }, context.kernel)
  write('diff.txt', differences && renderDiff(differences, { colour: false, document }))
  write('programs.txt', programsOf(context))
  for (const { name, text } of logsOf(context)) write(name, text)
  for (const [node, bytes] of captures?.read() ?? []) writeFileSync(join(path, `${node}.pcap`), bytes)
  return path
}

/** What the test ran, in its order. */
function programsOf({ ran }: Context): string {
  return ran.map(({ node, command, text }) => `== ${node}: ${command.join(' ')}\n${text()}\n`).join('')
}

/** Of the processes that the file says. */
function logsOf(context: Context): readonly { readonly name: string; readonly text: string }[] {
  const nodes = processes(context.name, context.kernel).value?.nodes ?? []
  const all = nodes.flatMap(({ node, processes: own }) => own.map(one => ({ node, process: one.process })))
  return all.map(({ node, process }) => {
    const files = withSpace(context, space => space.outputs(node, process))
    const text = files.map(file => unless(['ENOENT'], () => readFileSync(file, 'utf8')) ?? '').join('')
    return { name: `${node}.${process}.log`, text }
  })
}
