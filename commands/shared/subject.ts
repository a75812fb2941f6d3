/** The word that says which topology or lab is meant, or none, in; a file or a lab out. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { error } from '../../src/diagnostic.js'
import type { Kernel } from '../../src/kernel/kernel.js'
import { labOf, list } from '../../src/pipeline.js'
import { didYouMean } from './near.js'
import type { Read, SourceFlags } from './source.js'
import { readSource } from './source.js'

/** A word with a slash, with a file's ending, or `-` is a file; any other is a lab. */
export function isFile(word: string): boolean {
  return word === '-' || word.includes('/') || /\.(ya?ml|json)$/.test(word)
}

/** The one topology of the current folder. */
export function discover(): Read<string> {
  const found = topologiesHere()
  if (found.length === 1) return { value: found[0]! }
  if (found.length > 1)
    return {
      problem: error('bad-usage', `there are several topologies here: ${found.join(', ')}`, undefined, {
        hint: 'name the one that is meant',
      }),
    }
  return {
    problem: error(
      'bad-usage',
      'no file is named, and this folder has no *.nstopo.yaml, nstopo.yaml or lab.yaml',
      undefined,
      {
        hint: 'name the topology: nstopo COMMAND FILE',
      },
    ),
  }
}

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
  if (word === undefined) return discover()
  if (isFile(word)) return { value: word }
  return {
    problem: error('bad-usage', `${word} is a lab’s name, and a file is wanted here`, undefined, {
      hint: `if it is a file, write ./${word}`,
    }),
  }
}

/** The lab that a word means: a name, or the lab that a file made. Without a word: NSTOPO_LAB, the folder’s, or the only one. */
export async function labOfWord(word: string | undefined, kernel: Kernel, flags: SourceFlags): Promise<Read<string>> {
  const said = word ?? (process.env.NSTOPO_LAB || undefined)
  if (said !== undefined) return isFile(said) ? labOfFile(said, kernel, flags) : { value: said }
  const here = discover()
  if ('value' in here) return labOfFile(here.value, kernel, flags)
  const up = kernel.labs()
  if (up.length === 1) return { value: up[0]! }
  return { problem: up.length === 0 ? error('not-up', 'no lab is up') : which(up) }
}

function which(up: readonly string[]) {
  return error('bad-usage', `several labs are up: ${up.join(', ')}`, undefined, { hint: 'name the one that is meant' })
}

/** What was recorded for the file’s path counts, and then the file need not be there any more. */
async function labOfFile(file: string, kernel: Kernel, flags: SourceFlags): Promise<Read<string>> {
  if (flags.name !== undefined) return { value: flags.name }
  const recorded = list(kernel).find(lab => file !== '-' && lab.record?.source.path === resolve(file))
  if (recorded) return { value: recorded.lab }
  const source = await readSource(file, flags)
  return 'problem' in source ? source : { value: labOf(source.value, kernel) }
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
  const names = [...kernel.space(lab).nodes().keys()]
  if (names.includes(node)) return { value: node }
  const likely = didYouMean(node, names)
  const hint = likely.hint ?? `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
  return { problem: error('not-found', `lab ${lab} has no node ${node}`, undefined, { hint }) }
}

export function firstProblem(reads: readonly Read<unknown>[]) {
  return reads.flatMap(read => ('problem' in read ? [read.problem] : []))[0]
}
