/** A lab's nodes → what they hold by the kernel's own answers, to be compared between two machines. */
import type { Kernel, Resource, State } from '../../src/index.js'
import { observe } from '../../src/passes/observe.js'

/** @param said of which settings are read */
export function heldBy(kernel: Kernel, lab: string, said: State): Readonly<Record<string, unknown>> {
  const sysctls = (node: string) => said.get(node)?.sysctl.keys() ?? []
  const space = kernel.space(lab)
  const state = observe(space, { sysctls, complete: true })
  space.close()
  return Object.fromEntries(
    [...state].map(([node, { link, address, route, rule, neighbor, sysctl }]) => {
      const own = Object.values({ link, address, route, rule, neighbor }).flatMap(map => [...map.values()])
      return [node, [...own, ...sysctl.values()].map(lasting).filter(steady).sort()]
    }),
  )
}

/**
 * Without numbers, MAC addresses, carrier, and whether an address is still looked for elsewhere: they are drawn, or come a
 * moment later.
 */
const passing: Readonly<Partial<Record<Resource['type'], ReadonlySet<string>>>> = {
  link: new Set(['index', 'linkIndex', 'mac', 'running']),
  address: new Set(['detection']),
}

function lasting(resource: Resource): string {
  const left = passing[resource.type]
  return JSON.stringify(resource, (key, value) => (left?.has(key) ? undefined : inOrder(value)))
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Link-local addresses only the real kernel makes, and the local table's routes to IPv6 addresses it makes a moment later. */
const steady = (line: string) =>
  !/"address":"fe80:|"to":"fe80:|"action":"local","family":6.*"protocol":2,"table":255/.test(line)
