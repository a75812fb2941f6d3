/** Things with needs → the same things, each after what it needs. Knows nothing of networks. */

export interface Needs<T> {
  /** What must come before. Names that nothing provides are there already. */
  needs(item: T): Iterable<string>
  provides(item: T): Iterable<string>
  /** Items of one lane stay together where needs allow it; lanes come in the order of their first item. */
  lane(item: T): string
  /** For the message when needs go in a circle. */
  name(item: T): string
}

/** A topological order that otherwise keeps the one that was given, lane by lane. */
export function order<T>(items: readonly T[], about: Needs<T>): readonly T[] {
  const providers = providersOf(items, about)
  const ordered: T[] = []
  const done = new Set<T>()
  const open: T[] = []
  const visit = (item: T): void => {
    if (done.has(item)) return
    if (open.includes(item)) throw new Error(`needs go in a circle: ${[...open, item].map(about.name).join(' → ')}`)
    open.push(item)
    for (const need of about.needs(item))
      for (const provider of providers.get(need) ?? []) if (provider !== item) visit(provider)
    open.pop()
    done.add(item)
    ordered.push(item)
  }
  for (const lane of lanes(items, about).values()) lane.forEach(visit)
  return ordered
}

function providersOf<T>(items: readonly T[], about: Needs<T>): ReadonlyMap<string, readonly T[]> {
  const providers = new Map<string, T[]>()
  for (const item of items) for (const name of about.provides(item)) append(providers, name, item)
  return providers
}

function lanes<T>(items: readonly T[], about: Needs<T>): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const item of items) append(found, about.lane(item), item)
  return found
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}
