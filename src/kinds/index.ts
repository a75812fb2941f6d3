/** The door to the kinds: the registry, the contract, and the schema that they make up. */
export type { LinkKind, Schema, Setting, Settings } from './contract.js'
export { linkKinds } from './link/index.js'
export { isolatedKinds } from './node/isolate.js'
export { type Pinned, pinned } from './node/pinned.js'
export { bitsPerSecond, bytes, processors, seconds, signedSeconds } from './quantity.js'
export * from './schema.js'
