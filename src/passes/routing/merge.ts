/**
 * Next hops by prefix in, the fewest routes that forward every address the same out: Optimal Routing Table Constructor
 * (Draves, King, Venkatachary, Zill, INFOCOM 1999), with prefixes that are already someone else's.
 */
import type { Prefix } from '../../model/ip.js'
import { halfOf, halfTowards, type Trie } from './trie.js'
import { createWishes, type Wishes } from './wishes.js'

/** In `labels`: no route of its own. */
export const none = -1
/** In `labels`: the node is connected to it, or has written a route to it; no computed route may have this prefix. */
export const taken = -2

/** A route of the merged table: of which prefix of the trie, or of which half of it or of the one above. */
export interface Merged {
  readonly at: number
  readonly part: 'whole' | 'empty half' | 'half above'
  readonly label: number
}

export function prefixOf({ prefixes, parent, empty }: Trie, { at, part }: Merged): Prefix {
  const prefix = prefixes[at]!
  if (part === 'whole') return prefix
  return part === 'empty half' ? halfOf(prefix, empty[at]!) : halfTowards(prefixes[parent[at]!]!, prefix)
}

/**
 * `labels` has a number of next hops for each prefix of the trie, `none` or `taken`; the numbers are below `count`.
 * With `fill`, addresses without a route may be given any, so that a default route can stand for most.
 */
export interface Labelling {
  readonly labels: Int32Array
  readonly count: number
  readonly fill: boolean
}

/** What is worked on, node after node: every table of a family has the same trie. */
interface Work {
  readonly trie: Trie
  /** By prefix: the label of addresses of it that lie in no longer prefix. */
  readonly effective: Int32Array
  /** By prefix: what a longest match of it, and of no longer one, finds in the merged table. */
  readonly chosen: Int32Array
  readonly wishes: Wishes
}

export function createMerger(trie: Trie): (labelling: Labelling) => readonly Merged[] {
  const size = trie.prefixes.length
  const work = { trie, effective: new Int32Array(size), chosen: new Int32Array(size), wishes: createWishes(size) }
  return labelling => {
    inheritLabels(work, labelling)
    work.wishes.clear(labelling.count)
    gatherWishes(work, labelling)
    return chooseLabels(work, labelling)
  }
}

function inheritLabels({ trie, effective }: Work, { labels }: Labelling): void {
  effective.set(labels)
  for (let i = 1; i < labels.length; i++) if (labels[i] === none) effective[i] = effective[trie.parent[i]!]!
}

/** From the leaves up: what both halves would like to inherit, else what either would. A leaf would like its label. */
function gatherWishes({ trie, effective, wishes }: Work, { labels, fill }: Labelling): void {
  const { parent, apart, leaf, empty } = trie
  const wish = (i: number, label: number) => {
    if (label >= 0) wishes.add(i, label)
    else if (label === taken || !fill) wishes.forbid(i)
  }
  for (let i = labels.length - 1; i >= 0; i--) {
    if (leaf[i] === 0 && empty[i] !== 2) wish(i, effective[i]!)
    if (i === 0) break
    const up = parent[i]!
    if (apart[i] === 1 && (effective[up] !== none || !fill)) wish(up, effective[up]!)
    else if (labels[i] === taken) continue
    else if (leaf[i] === 1) wish(up, effective[i]!)
    else wishes.join(up, i)
  }
}

/**
 * From the top down: a route wherever what is inherited is not among the wishes. Where it would serve one half
 * alone, that half's own says it as well, and more plainly.
 */
function chooseLabels({ trie, effective, chosen, wishes }: Work, { labels, fill }: Labelling): readonly Merged[] {
  const { parent, apart, empty, leaf } = trie
  const routes: Merged[] = []
  const emit = (at: number, part: Merged['part'], label: number) => {
    routes.push({ at, part, label })
    return label
  }
  const choose = (i: number, inherited: number) => {
    const label = effective[i]!
    if (labels[i] === taken) return none
    if (leaf[i] === 1) return label < 0 || label === inherited ? inherited : emit(i, 'whole', label)
    if (fill ? !wishes.some(i) : !wishes.agreed(i)) return inherited
    return wishes.has(i, inherited) ? inherited : emit(i, 'whole', wishes.first(i))
  }
  for (let i = 0; i < labels.length; i++) {
    const up = parent[i]!
    let inherited = i === 0 ? none : chosen[up]!
    const between = apart[i] === 1 ? effective[up]! : none
    if (between >= 0 && between !== inherited) inherited = emit(i, 'half above', between)
    chosen[i] = choose(i, inherited)
    const rest = empty[i] === 2 ? none : effective[i]!
    if (rest >= 0 && rest !== chosen[i]) emit(i, 'empty half', rest)
  }
  return routes
}
