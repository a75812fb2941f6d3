/** The key that `await using` looks for, also where a runner gives tests globals of their own, in which Node 20 has none. */
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose)
