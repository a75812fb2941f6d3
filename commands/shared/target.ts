/** The words `[LAB] NODE[:PROCESS]` in; what they name, in a lab that is up, out. */
import { error } from '../../src/diagnostic.js'
import type { Kernel } from '../../src/kernel/kernel.js'
import { Args, lab } from './flags.js'
import type { Read, SourceFlags } from './source.js'
import { labAndNode } from './subject.js'

export interface Target {
  readonly lab: string
  readonly node: string
  readonly process?: string
}

export const target = {
  ...lab,
  node: Args.string({
    ignoreStdin: true,
    name: 'NODE[:PROCESS]',
    description: 'one word is the node, two are lab and node; all of its processes, or one',
  }),
}

/** @param command whose words they are */
export async function targetOf(
  command: string,
  words: readonly string[],
  { kernel, flags }: { readonly kernel: Kernel; readonly flags: SourceFlags },
): Promise<Read<Target>> {
  const said = words[words.length - 1]
  if (said === undefined || words.length > 2)
    return { problem: error('bad-usage', `${command} wants [LAB] NODE[:PROCESS], not ${words.join(' ') || 'nothing'}`) }
  const [node, process] = said.split(/:(.*)/s)
  const found = await labAndNode({ lab: words.length === 2 ? words[0] : undefined, node }, kernel, flags)
  if ('problem' in found) return found
  return { value: { lab: found.value.lab, node: node!, ...(process ? { process } : {}) } }
}
