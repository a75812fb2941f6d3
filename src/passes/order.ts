/** Things with needs → the same things, each after what it needs. Knows nothing of networks. */

export interface Needs<T> {
  /** What must come before. Names that nothing provides are there already. */
  needs(item: T): readonly string[]
  provides(item: T): readonly string[]
  /** For the message when needs go in a circle. */
  name(item: T): string
}

/** A topological order that otherwise keeps the one that was given. */
export function order<T extends object>(items: readonly T[], about: Needs<T>): readonly T[] {
  const walk: Walk<T> = { about, providers: providersOf(items, about), ordered: [], done: new Set(), open: [] }
  for (const item of items) visit(item, walk)
  return walk.ordered
}

interface Walk<T> {
  readonly about: Needs<T>
  /** Most names are provided by one item alone. */
  readonly providers: ReadonlyMap<string, T | readonly T[]>
  readonly ordered: T[]
  readonly done: Set<T>
  /** What is being visited, from the outermost. */
  readonly open: T[]
}

function visit<T>(item: T, walk: Walk<T>): void {
  if (walk.done.has(item)) return
  if (walk.open.includes(item))
    throw new Error(`needs go in a circle: ${[...walk.open, item].map(walk.about.name).join(' → ')}`)
  walk.open.push(item)
  for (const need of walk.about.needs(item)) {
    const provider = walk.providers.get(need)
    if (provider === undefined) continue
    if (Array.isArray(provider)) for (const one of provider as readonly T[]) if (one !== item) visit(one, walk)
    if (!Array.isArray(provider) && provider !== item) visit(provider as T, walk)
  }
  walk.open.pop()
  walk.done.add(item)
  walk.ordered.push(item)
}

function providersOf<T>(items: readonly T[], about: Needs<T>): ReadonlyMap<string, T | readonly T[]> {
  const providers = new Map<string, T | T[]>()
  for (const item of items) {
    for (const name of about.provides(item)) {
      const known = providers.get(name)
      if (known === undefined) providers.set(name, item)
      else if (Array.isArray(known)) known.push(item)
      else providers.set(name, [known, item])
    }
  }
  return providers
}
