/** Who a command in a node is, where it begins, and what its environment has besides: the flags, and what they say. */
import { error } from '../../src/diagnostic.js'
import { Args, Flags, lab } from './flags.js'
import { Refused } from './refused.js'

/** Where: of `exec` and `shell`. */
export const inside = {
  ...lab,
  node: Args.string({ ignoreStdin: true, name: 'NODE', description: 'one word is the node, two are lab and node' }),
}

/** How. */
export const entering = {
  user: Flags.string({ char: 'u', summary: 'as this user, a name or a number as the node has it', helpValue: 'USER' }),
  workdir: Flags.string({ char: 'w', summary: 'begin in this folder of the node', helpValue: 'PATH' }),
  env: Flags.string({
    char: 'e',
    summary: 'a variable of the environment, over the node’s own',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

export interface EnteringFlags {
  readonly user?: string | undefined
  readonly workdir?: string | undefined
  readonly env?: readonly string[] | undefined
}

export interface Entering {
  readonly user?: string | undefined
  readonly workdir?: string | undefined
  readonly variables: Readonly<Record<string, string>>
}

/** @throws Refused for a variable without a name or a value */
export function enteringOf({ user, workdir, env = [] }: EnteringFlags): Entering {
  return { user, workdir, variables: Object.fromEntries(env.map(variableOf)) }
}

function variableOf(word: string): readonly [string, string] {
  const at = word.indexOf('=')
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)]
  throw new Refused(error('bad-usage', `--env ${word} does not read NAME=VALUE`))
}

/** The same flags as words, for another nstopo. */
export function wordsOf({ user, workdir, env = [] }: EnteringFlags): readonly string[] {
  return [
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(workdir === undefined ? [] : [`--workdir=${workdir}`]),
    ...env.map(word => `--env=${word}`),
  ]
}
