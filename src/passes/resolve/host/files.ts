/** A node in; what stands in its own view of the file system out, folders before what stands in them. */
import { error } from '../../../diagnostic.js'
import { bytes, type FileSpec } from '../../../kinds/index.js'
import type { Source } from '../../../model/document.js'
import type { FileEntry, FileSource } from '../../../model/network.js'
import type { DraftNode, Report } from '../draft.js'
import { entries, type Item, pick } from '../item.js'
import { printable } from '../names.js'
import { readDns } from './dns.js'
import type { NamesOfAll } from './hostname.js'
import { readHosts } from './hosts.js'
import { folderOf, isBelow, normal, unfit } from './paths.js'

/** Where a topology's own file is, and how to look at others. */
export type Files = Pick<Source, 'path' | 'files'>

interface Reading {
  readonly names: NamesOfAll
  readonly files: Files
  readonly report: Report
}

export function readFiles(node: DraftNode, context: Reading): readonly FileEntry[] {
  const said = entries(pick(node.spec, 'files')).flatMap(([path, item]) => readFile(path, item, context) ?? [])
  const found = new Map(said.map(file => [file.path, file]))
  for (const made of [readHosts(node, context), readDns(node, context.report)]) {
    const other = made && found.get(made.path)
    if (made && !other) found.set(made.path, made)
    else if (made?.at && other?.at) {
      const also = [{ at: { path: other.at, key: true }, message: 'it stands here too' }]
      context.report(
        error('bad-value', `${node.name} is given ${made.path} twice`, { path: made.at, key: true }, { also }),
      )
    }
  }
  const sorted = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  doubtNested(sorted, context.report)
  return sorted
}

function readFile(path: string, item: Item<FileSpec | null>, context: Reading): FileEntry | undefined {
  const wrong = unfit(path)
  const key = { path: item.at, key: true }
  if (wrong)
    context.report(
      error('bad-value', `\`${printable(path)}\` ${wrong.why}`, key, wrong.hint ? { hint: wrong.hint } : {}),
    )
  if (item.value === null) return undefined
  const spec = item as Item<FileSpec>
  const source = sourceOf(path, spec, context)
  if (!source || wrong) return undefined
  const mode = pick(spec, 'mode')
  if (mode && source.kind === 'bind') {
    const hint = '`copy: true` makes a copy, which may have another'
    context.report(error('bad-value', `what is seen in two places has one mode there`, mode.at, { hint }))
  }
  return { path, ...(mode ? { mode: Number.parseInt(mode.value, 8) } : {}), at: item.at, ...source }
}

const sources = ['content', 'from', 'tmpfs'] as const

function sourceOf(path: string, spec: Item<FileSpec>, context: Reading): FileSource | undefined {
  const [first, second] = sources.flatMap(key => pick(spec, key) ?? [])
  const [content, tmpfs] = [pick(spec, 'content'), pick(spec, 'tmpfs')]
  const key = { path: spec.at, key: true }
  const { report } = context
  if (!first) {
    const hint = '`{ content: "…" }`, `{ from: ./file }`, `{ from: ./file, copy: true }` or `{ tmpfs: 16mb }`'
    report(error('missing-key', `nothing says what stands at ${path}`, key, { hint }))
  } else if (second) {
    const hint = 'one of `content`, `from` and `tmpfs`; null takes an inherited one away'
    const also = [{ at: { path: first.at, key: true }, message: 'the first stands here' }]
    report(error('bad-value', `two things are to stand at ${path}`, { path: second.at, key: true }, { hint, also }))
    return undefined
  }
  const copy = pick(spec, 'copy')
  if (copy && !pick(spec, 'from') && first)
    report(error('bad-value', '`copy` belongs to `from`', { path: copy.at, key: true }))
  if (content) return { kind: 'content', content: content.value }
  return tmpfs ? folder(tmpfs, report) : fromMachine(spec, context)
}

/** A page: the kernel takes a size of 0 for no limit at all (tmpfs(5)). */
const smallest = 4096

function folder({ value, at }: Item<string>, report: Report): FileSource {
  const size = bytes(value)!
  if (size < smallest) report(error('bad-value', `\`tmpfs\` is at least 4kb, not \`${value}\``, at))
  return { kind: 'tmpfs', size }
}

function fromMachine(spec: Item<FileSpec>, { files, report }: Reading): FileSource | undefined {
  const said = pick(spec, 'from')
  if (!said) return undefined
  const relative = !said.value.startsWith('/')
  if (relative && files.path === undefined) {
    const message = `\`${printable(said.value)}\` is relative to the topology’s file, and there is none`
    report(error('bad-value', message, said.at, { hint: 'write the whole path, from / on' }))
    return undefined
  }
  const from = normal(said.value, relative ? folderOf(files.path!) : '/')
  const kind = pick(spec, 'copy')?.value ? 'copy' : 'bind'
  const found = files.files?.(from, kind)
  if (found && 'problem' in found) {
    report(error('not-found', `${printable(from)} ${found.problem}`, said.at))
    return undefined
  }
  return kind === 'copy' ? { kind, from, ...(found ? { digest: found.digest } : {}) } : { kind, from }
}

/** Nothing stands below a file. */
function doubtNested(sorted: readonly FileEntry[], report: Report): void {
  for (const file of sorted) {
    if (file.kind !== 'content') continue
    const inside = sorted.find(other => isBelow(other.path, file.path))
    if (!inside?.at || !file.at) continue
    const also = [{ at: { path: file.at, key: true }, message: 'the file stands here' }]
    const message = `${inside.path} cannot stand in ${file.path}, which is no folder`
    report(error('bad-value', message, { path: inside.at, key: true }, { also }))
  }
}
