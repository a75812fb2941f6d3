/** What the settings of many nodes probably are in; whether a node's are just that out, looked up by a second thread meanwhile. */
import { scriptOf, startThread } from './second-thread.js'

export interface SettingsAhead {
  /** The values of these settings in the node, where the second thread has found them to be what was expected. */
  confirmed(node: string, names: readonly string[]): readonly string[] | undefined
  /** The second thread ends. */
  stop(): void
}

export interface Expected {
  /** The state folder. */
  readonly home: string
  readonly lab: string
  /** In the order in which they will be asked for. */
  readonly nodes: readonly string[]
  readonly settings: ReadonlyMap<string, string>
}

/** Where the two threads meet: how far the first one is, then what was found of each node. */
export const meeting = { position: 0, found: 1 } as const
export const found = { nothing: 0, asExpected: 1, other: 2 } as const

/**
 * Nothing tells a node's settings but some thirty files, which take half of the time that reading a node takes. The second
 * thread begins with the last node, and ends where the first one is. Undefined where it would not help.
 */
export function readSettingsAhead(expected: Expected, script = scriptOf('settings')): SettingsAhead | undefined {
  const { nodes, settings } = expected
  const shared = new Int32Array(new SharedArrayBuffer(4 * (meeting.found + nodes.length)))
  if (!startThread(script, { ...expected, settings: [...settings], shared }, nodes.length)) return undefined
  const places = new Map(nodes.map((node, index) => [node, index]))
  return {
    confirmed(node, names) {
      const place = places.get(node)
      if (place === undefined) return undefined
      Atomics.store(shared, meeting.position, place)
      const seen = Atomics.load(shared, meeting.found + place) === found.asExpected
      const values = seen ? names.map(name => settings.get(name)) : []
      return seen && values.every(value => value !== undefined) ? values : undefined
    },
    stop: () => void Atomics.store(shared, meeting.position, nodes.length),
  }
}
