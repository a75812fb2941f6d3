/** A binary heap of numbered things by key, over typed arrays: the smallest key comes out first. */

export interface Heap {
  clear(): void
  push(key: number, id: number): void
  /** The id of the smallest key, or -1 when there is none; its key is then `key()`. */
  pop(): number
  key(): number
}

/** `capacity` pushes at most between two `clear`s. */
export function createHeap(capacity: number): Heap {
  const keys = new Float64Array(capacity + 1)
  const ids = new Int32Array(capacity + 1)
  let size = 0
  let popped = 0

  function push(key: number, id: number): void {
    let at = size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (keys[parent]! <= key) break
      keys[at] = keys[parent]!
      ids[at] = ids[parent]!
      at = parent
    }
    keys[at] = key
    ids[at] = id
  }

  function pop(): number {
    if (size === 0) return -1
    const id = ids[0]!
    popped = keys[0]!
    size--
    sink(keys[size]!, ids[size]!)
    return id
  }

  function sink(key: number, id: number): void {
    let at = 0
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && keys[child + 1]! < keys[child]!) child++
      if (keys[child]! >= key) break
      keys[at] = keys[child]!
      ids[at] = ids[child]!
      at = child
    }
    keys[at] = key
    ids[at] = id
  }

  const clear = () => {
    size = 0
  }
  return { clear, push, pop, key: () => popped }
}
