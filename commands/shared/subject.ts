/** The word that says which topology or lab is meant, or none, in; a file or a lab out. */
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Diagnostic, error } from '../../src/diagnostic.js'
import type { Kernel } from '../../src/kernel/kernel.js'
import type { LabRecord } from '../../src/model/plan.js'
import { list } from '../../src/pipeline/standing.js'
import { didYouMean } from './near.js'
import type { Read, SourceFlags } from './source.js'
import { readSource } from './source.js'

/** A word with a slash, with a file's ending, or `-` is a file; any other is a lab. */
export function isFile(word: string): boolean {
  return word === '-' || word.includes('/') || /\.(ya?ml|json)$/.test(word)
}

/** The one topology of the current folder, if there is any; several are a problem. */
function discover(): { readonly found?: string | undefined; readonly problem?: Diagnostic } {
  const [found, ...others] = topologiesHere()
  if (others.length === 0) return { found }
  const message = `there are several topologies here: ${[found, ...others].join(', ')}`
  return { problem: error('bad-usage', message, undefined, { hint: 'name the one that is meant' }) }
}

const noTopology = 'this folder has no *.nstopo.yaml, nstopo.yaml or lab.yaml'
const nothingNamed = error('bad-usage', `no file is named, and ${noTopology}`, undefined, {
  hint: 'name the topology: nstopo COMMAND FILE',
})

function topologiesHere(): readonly string[] {
  try {
    return readdirSync('.')
      .filter(name => name.endsWith('.nstopo.yaml') || name === 'nstopo.yaml' || name === 'lab.yaml')
      .sort()
  } catch {
    return []
  }
}

/** The file that a command works on, named or found. */
export function fileOf(word: string | undefined): Read<string> {
  if (word === undefined) {
    const { found, problem } = discover()
    return problem ? { problem } : found === undefined ? { problem: nothingNamed } : { value: found }
  }
  if (isFile(word)) return { value: word }
  const written = ['.yaml', '.yml', '.nstopo.yaml', ''].map(ending => `${word}${ending}`).find(name => existsSync(name))
  const hint =
    written === undefined
      ? `if it is a file, write ./${word}`
      : `did you mean ${isFile(written) ? '' : './'}${written}?`
  return {
    problem: error('bad-usage', `a file is wanted here, and ${word} reads as a lab’s name`, undefined, { hint }),
  }
}

/** The lab that a word means: a name, or the lab that a file made. Without a word: NSTOPO_LAB, or the folder’s. */
export async function labNamed(word: string | undefined, kernel: Kernel, flags: SourceFlags): Promise<Read<string>> {
  const said = word ?? (process.env.NSTOPO_LAB || undefined)
  if (said !== undefined) return isFile(said) ? labOfFile(said, kernel, flags) : named(said)
  const { found, problem } = discover()
  if (problem) return { problem }
  if (found !== undefined) return labOfFile(found, kernel, flags)
  const hint = 'nstopo down LAB; nstopo ls lists them'
  return { problem: error('bad-usage', `no lab is named, and ${noTopology}`, undefined, { hint }) }
}

/** As `labNamed`, and in a folder without topology the only lab that is up: nothing is lost by looking at the wrong one. */
export async function labOfWord(word: string | undefined, kernel: Kernel, flags: SourceFlags): Promise<Read<string>> {
  const nothing = word === undefined && !process.env.NSTOPO_LAB && topologiesHere().length === 0
  if (!nothing) return labNamed(word, kernel, flags)
  const up = kernel.labs()
  if (up.length === 1) return { value: up[0]! }
  return { problem: up.length === 0 ? error('not-up', 'no lab is up') : which(up) }
}

/** What no lab can be called is a mistyped word, whoever asks. */
function named(word: string): Read<string> {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(word)) return { value: word }
  return { problem: error('bad-name', `${word} is no lab’s name`, undefined, { hint: 'nstopo ls lists them' }) }
}

function which(up: readonly string[]) {
  return error('bad-usage', `several labs are up: ${up.join(', ')}`, undefined, { hint: 'name the one that is meant' })
}

/** What was recorded for the file’s path counts, and then the file need not be there any more. */
async function labOfFile(file: string, kernel: Kernel, flags: SourceFlags): Promise<Read<string>> {
  if (flags.name !== undefined) return { value: flags.name }
  const labs = list(kernel)
  const recorded = labs.find(lab => file !== '-' && lab.record?.source.path === resolve(file))
  if (recorded) return { value: recorded.lab }
  const source = await readSource(file, flags)
  if ('problem' in source) return source
  // Only files have to be read, by passes that take their time to load.
  const { labOf } = await import('../../src/pipeline.js')
  const lab = labOf(source.value, kernel)
  const record = labs.find(other => other.lab === lab)?.record
  return record && record.source.path !== source.value.path ? { problem: otherFile(lab, record) } : { value: lab }
}

function otherFile(lab: string, { source }: LabRecord): Diagnostic {
  const hint = `nstopo down ${lab}, or nstopo COMMAND ${lab}, if that one is meant`
  return error('other-file', `the lab ${lab} was made from ${source.path ?? 'standard input'}`, undefined, { hint })
}

/** That the lab is up. */
export function standing(lab: string, kernel: Kernel): Read<string> {
  const up = kernel.labs()
  if (up.includes(lab)) return { value: lab }
  const likely = didYouMean(lab, up)
  const hint =
    likely.hint ?? (up.length > 0 ? `up are: ${up.slice(0, 12).join(', ')}` : 'no lab is up; nstopo up FILE makes one')
  return { problem: error('not-up', `lab ${lab} is not up`, undefined, { hint }) }
}

/** That the lab is up and has the node. */
export function nodeOf(lab: string, node: string, kernel: Kernel): Read<string> {
  const up = standing(lab, kernel)
  if ('problem' in up) return up
  const names = nodesOf(lab, kernel)
  if (names.includes(node)) return { value: node }
  const likely = didYouMean(node, names)
  const hint = likely.hint ?? `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
  return { problem: error('not-found', `lab ${lab} has no node ${node}`, undefined, { hint }) }
}

interface Words {
  readonly lab?: string | undefined
  readonly node?: string | undefined
}

/** A lab that is up, and maybe a node of it. */
export async function labAndNode(
  { lab, node }: Words,
  kernel: Kernel,
  flags: SourceFlags,
): Promise<Read<{ readonly lab: string; readonly node?: string }>> {
  const named = await labOfWord(lab, kernel, flags)
  const up = 'problem' in named ? named : standing(named.value, kernel)
  if ('problem' in up || node === undefined) return 'problem' in up ? up : { value: { lab: up.value } }
  const found = nodeOf(up.value, node, kernel)
  return 'problem' in found ? found : { value: { lab: up.value, node } }
}

/** The nodes that are there, as people count: h2 before h10. */
export function nodesOf(lab: string, kernel: Kernel): readonly string[] {
  const { compare } = new Intl.Collator('en', { numeric: true })
  return [...kernel.space(lab).nodes().keys()].sort(compare)
}

export function firstProblem(reads: readonly Read<unknown>[]) {
  return reads.flatMap(read => ('problem' in read ? [read.problem] : []))[0]
}
