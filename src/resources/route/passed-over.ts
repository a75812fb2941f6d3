/** The header of a route that was read, and what is said of its node → whether it can differ from anything. */
import type { Route } from '../../model/state.js'
import { afOf } from '../../netlink/messages.js'
import type { ReadContext } from '../contract.js'

/** rtnetlink(7): redirects, the kernel's own, router advertisements. */
export const kernelProtocols: ReadonlySet<number> = new Set([1, 2, 9])
/** RT_TABLE_COMPAT: tables that a byte can't hold are in an attribute. */
const compatTable = 252

/**
 * Whether it is one of the kernel's own that nothing said can have the name of: nothing is said of prefixes as long in
 * its table. A node with three addresses has twenty of these (struct rtmsg: family, length, …, table, protocol).
 */
export function isPassedOver(bytes: Buffer, start: number, { said }: ReadContext): boolean {
  if (said === undefined || !kernelProtocols.has(bytes[start + 5]!)) return false
  const [family, length, table] = [bytes[start], bytes[start + 1]!, bytes[start + 4]!]
  return !lengthsOf(said.route).has(nameOf(family === afOf[6] ? 6 : 4, table, length))
}

const known = new WeakMap<object, ReadonlySet<number>>()

/** Family, table and prefix length of each route. */
function lengthsOf(routes: ReadonlyMap<string, Route>): ReadonlySet<number> {
  const found = known.get(routes)
  if (found) return found
  const lengths = new Set<number>()
  for (const { family, table, to } of routes.values())
    lengths.add(nameOf(family, headerTable(table), Number(to.slice(to.indexOf('/') + 1))))
  known.set(routes, lengths)
  return lengths
}

/** The table as a route's header holds it. */
export const headerTable = (table: number) => (table < 256 ? table : compatTable)
const nameOf = (family: number, table: number, length: number) => (family << 16) | (table << 8) | length
