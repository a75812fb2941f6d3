/** A sender and a receiver in; the addresses that are tested, one a family, out. */
import { type Target, targetsOf } from '../explain.js'
import type { Family } from '../model/network.js'
import type { Bench, Doubt } from './bench.js'

export interface Ends {
  readonly from: string
  readonly to: string
  /** The one that is meant; else all that both speak. */
  readonly family?: Family | undefined
}

export function targetsFor({ scene }: Pick<Bench, 'scene'>, { from, to, family }: Ends): readonly Target[] {
  return targetsOf(scene, from, to).filter(target => family === undefined || family === target.family)
}

/** What `look` finds wrong with any of them. */
export async function inEach(bench: Bench, ends: Ends, look: (target: Target) => Promise<Doubt>): Promise<Doubt> {
  const targets = targetsFor(bench, ends)
  if (targets.length === 0) return noneOf(ends)
  const doubts = await Promise.all(targets.map(look))
  return [...new Set(doubts.filter(doubt => doubt !== undefined))].join('; ') || undefined
}

function noneOf({ from, to, family }: Ends): string {
  return `${from} and ${to} have no ${family === undefined ? 'addresses of one family' : `IPv${family} addresses`}`
}
