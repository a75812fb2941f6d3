/** The door to the kinds: the registry, the contract, and the schema that they make up. */
export type { LinkKind, Schema, Setting, Settings } from './contract.js'
export { linkKinds } from './link/index.js'
export { type Pinned, pinned } from './node/pinned.js'
export { seconds } from './quantity.js'
export * from './schema.js'
