/** What has to be true of a lab that is up, resolved: nodes are there, quantities are numbers, patterns are ready. */
import type { Path } from './document.js'
import type { Family } from './network.js'

/** A text that must be found, or an expression that must match. */
export type Pattern = { readonly text: string } | { readonly expression: RegExp }

/** A node, `node:interface` or an address, and a port of it. */
export interface PortTarget {
  readonly to: string
  /** 1 to 65535 */
  readonly port: number
}

interface Common {
  readonly at: Path
  /** Milliseconds that it may take to become true. */
  readonly within: number
  /** Where one alone is meant. */
  readonly family?: Family
}

/** Every sender to every receiver. */
export interface Pairs {
  readonly from: readonly string[]
  /** Nodes, `node:interface` or addresses. */
  readonly to: readonly string[]
}

export type Assertion = Common &
  (
    | ({ readonly kind: 'reach' | 'unreachable' } & Pairs)
    | ({ readonly kind: 'path'; readonly via: readonly string[] } & Pairs)
    | { readonly kind: 'tcp'; readonly from: readonly string[]; readonly to: readonly PortTarget[] }
    | {
        readonly kind: 'http'
        readonly from: readonly string[]
        readonly to: readonly PortTarget[]
        readonly path: string
        readonly status: number
        readonly body?: Pattern
      }
    | {
        readonly kind: 'dns'
        readonly from: readonly string[]
        readonly name: string
        /** A node or an address. */
        readonly server?: string
        readonly type: 'A' | 'AAAA'
        readonly answer: readonly string[]
      }
    | { readonly kind: 'throughput'; readonly from: string; readonly to: string; readonly atLeast: number }
    | ({ readonly kind: 'mtu'; readonly is: number } & Pairs)
    | {
        readonly kind: 'run'
        readonly in: readonly string[]
        readonly command: readonly string[]
        readonly status: number
        readonly output?: Pattern
      }
  )

export type AssertionOf<K extends Assertion['kind']> = Extract<Assertion, { kind: K }>
