/**
 * Next hops by prefix in, the fewest routes that forward every address the same out: Optimal Routing Table Constructor
 * (Draves, King, Venkatachary, Zill, INFOCOM 1999), with prefixes that are already someone else's.
 */
import type { Prefix } from '../../model/ip.js'
import { createSets } from './sets.js'
import { halfOf, halfTowards, type Trie } from './trie.js'

/** In `labels`: no route of its own. */
export const none = -1
/** In `labels`: the node is connected to it, or has written a route to it; no computed route may have this prefix. */
export const taken = -2

export interface Merged {
  readonly prefix: Prefix
  readonly label: number
}

/** Candidates: what a part of the tree would like to inherit. */
const anything = -1
/** A part that must inherit nothing, because an address in it has no route. */
const nothing = -2

/**
 * `labels` has a number of next hops for each prefix of the trie, `none` or `taken`. With `fill`, addresses without a
 * route may be given any, so that a default route can stand for most.
 */
export function mergeRoutes(trie: Trie, labels: Int32Array, fill: boolean): readonly Merged[] {
  const effective = inheritLabels(trie, labels)
  const gathered = gatherCandidates(trie, labels, effective, fill)
  return chooseLabels({ trie, labels, effective, fill, ...gathered })
}

/** By prefix: the label of addresses of it that lie in no longer prefix. */
function inheritLabels(trie: Trie, labels: Int32Array): Int32Array {
  const effective = labels.slice()
  for (let i = 1; i < labels.length; i++) if (labels[i] === none) effective[i] = effective[trie.parent[i]!]!
  return effective
}

interface Candidates {
  /** By prefix, from below. */
  readonly candidates: Int32Array
  /** By prefix: whether one route for it serves both of its halves, or it has none. */
  readonly worth: Uint8Array
  readonly sets: ReturnType<typeof createSets>
}

/** From the leaves up: what both halves would like, else what either would. */
function gatherCandidates(trie: Trie, labels: Int32Array, effective: Int32Array, fill: boolean): Candidates {
  const sets = createSets()
  const candidates = new Int32Array(labels.length).fill(anything)
  const worth = trie.leaf.slice()
  const want = (label: number) => (label >= 0 ? sets.single(label) : label === none && fill ? anything : nothing)
  const wish = (i: number, b: number) => {
    const a = candidates[i]!
    if (b === anything) return
    const shared = a === anything || a === nothing || b === nothing ? undefined : sets.intersection(a, b)
    if (shared !== undefined) worth[i] = 1
    candidates[i] = a === anything ? b : a === nothing || b === nothing ? nothing : (shared ?? sets.union(a, b))
  }
  for (let i = labels.length - 1; i >= 0; i--) {
    if (trie.leaf[i] === 1 || trie.empty[i] !== 2) wish(i, want(effective[i]!))
    if (i === 0) break
    const parent = trie.parent[i]!
    const between = trie.apart[i] === 1 ? want(effective[parent]!) : anything
    wish(parent, between !== anything ? between : labels[i] === taken ? anything : candidates[i]!)
  }
  return { candidates, worth, sets }
}

/**
 * From the top down: a route wherever what is inherited is not among the candidates. Where it would serve one half
 * alone, that half's own says it as well, and more plainly.
 */
function chooseLabels(
  given: Candidates & {
    readonly trie: Trie
    readonly labels: Int32Array
    readonly effective: Int32Array
    readonly fill: boolean
  },
): readonly Merged[] {
  const { trie, labels, effective, fill, candidates, worth, sets } = given
  const routes: Merged[] = []
  const chosen = new Int32Array(labels.length)
  const emit = (prefix: Prefix, label: number) => {
    routes.push({ prefix, label })
    return label
  }
  const choose = (i: number, inherited: number) => {
    if (labels[i] === taken) return none
    const candidate = candidates[i]!
    if (candidate < 0 || (!fill && worth[i] === 0)) return inherited
    const members = sets.members(candidate)
    return members.includes(inherited) ? inherited : emit(trie.prefixes[i]!, members[0]!)
  }
  for (let i = 0; i < labels.length; i++) {
    const parent = trie.parent[i]!
    let inherited = i === 0 ? none : chosen[parent]!
    const between = trie.apart[i] === 1 ? effective[parent]! : none
    if (between >= 0 && between !== inherited)
      inherited = emit(halfTowards(trie.prefixes[parent]!, trie.prefixes[i]!), between)
    chosen[i] = choose(i, inherited)
    const rest = trie.empty[i] === 2 ? none : effective[i]!
    if (rest >= 0 && rest !== chosen[i]) emit(halfOf(trie.prefixes[i]!, trie.empty[i]!), rest)
  }
  return routes
}
