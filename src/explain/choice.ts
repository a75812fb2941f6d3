/** Rules, routes and a packet in; which rule chooses which table, and which route there is meant, out (ip-rule(8)). */
import { contains, hostPrefix, parseAddress, parsePrefix } from '../model/ip.js'
import type { Route, Rule, State } from '../model/state.js'
import { type Flow, heldBy } from './scene.js'

export interface Choice {
  /** The rule that made an end of it; none where nothing fits. */
  readonly rule?: Rule
  /** None where the rule itself says what becomes of the packet. */
  readonly route?: Route
  /** Rules whose tables had nothing, in their order. */
  readonly searched: readonly Rule[]
}

/** How a packet comes to the rules: `lo` where it begins in the node. */
export interface Coming {
  readonly node: string
  readonly iif: string
}

/** The same that the kernel does, step by step, so that each can be named. */
export function choose(state: State, { node, iif }: Coming, flow: Flow): Choice {
  const searched: Rule[] = []
  const routes = heldBy(state, node, 'route')
  const rules = heldBy(state, node, 'rule').filter(rule => rule.family === flow.family)
  for (const rule of rules.sort((a, b) => a.priority - b.priority)) {
    if (!fits(rule, iif, flow)) continue
    if (rule.action !== 'table') return { rule, searched }
    const route = bestOf(routes, rule.table ?? 0, flow)
    if (route && route.action !== 'throw') return { rule, route, searched }
    searched.push(rule)
  }
  return { searched }
}

/** The longest prefix of the table that holds the destination, and of those the one of the smallest metric. */
export function bestOf(routes: readonly Route[], table: number, { family, destination }: Flow): Route | undefined {
  return routes
    .filter(route => route.family === family && route.table === table && holds(route.to, destination))
    .sort((a, b) => lengthOf(b) - lengthOf(a) || a.metric - b.metric)[0]
}

const lengthOf = (route: Route) => Number(route.to.slice(route.to.indexOf('/') + 1))

/** Of an echo request: it has no ports, no mark, and is the superuser’s. */
function fits(rule: Rule, iif: string, { source, destination, family }: Flow): boolean {
  const from = rule.from === undefined || (source !== undefined && holds(rule.from, source))
  const matches =
    from &&
    (rule.to === undefined || holds(rule.to, destination)) &&
    (rule.iif === undefined || rule.iif === iif) &&
    rule.oif === undefined &&
    (rule.fwmark ?? 0) === 0 &&
    (rule.ipproto === undefined || rule.ipproto === (family === 4 ? 1 : 58)) &&
    rule.sport === undefined &&
    rule.dport === undefined &&
    (rule.uidrange === undefined || rule.uidrange[0] === 0) &&
    (rule.tos ?? 0) === 0
  return matches !== rule.not
}

/** Whether a prefix holds an address; both are the kernel’s, or were read before. */
export function holds(prefix: string, address: string): boolean {
  const [outer, inner] = [parsePrefix(prefix), parseAddress(address)]
  return (
    outer !== undefined && inner !== undefined && outer.family === inner.family && contains(outer, hostPrefix(inner))
  )
}
