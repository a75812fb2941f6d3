/** A seed and a number in, a row of random choices out: the same ones each time, so that a failure can be looked at again. */
export interface Random {
  /** From 0 to before `limit`. */
  below(limit: number): number
  /** True once in so many times. */
  once(times: number): boolean
  pick<T>(values: readonly T[]): T
  /** Any 32 bits. */
  word(): number
}

/** sfc32 of PractRand: small, fast, and its rows for neighbouring numbers have nothing in common after a few steps. */
export function randomOf(seed: number, index: number): Random {
  let [a, b, c, counter] = [seed | 0, index | 0, 0x9e3779b9, 1]
  const word = () => {
    const sum = (((a + b) | 0) + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let step = 0; step < 12; step++) word()
  const below = (limit: number) => Math.floor((word() / 0x100000000) * limit)
  return { word, below, once: times => below(times) === 0, pick: values => values[below(values.length)]! }
}
