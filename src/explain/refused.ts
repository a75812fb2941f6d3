/** A node that has no way for a packet in; why not, in the user's words, out. */
import type { Reason } from '../model/explanation.js'
import type { Route, Rule } from '../model/state.js'
import { type Choice, type Coming, choose } from './choice.js'
import { lost } from './lost.js'
import { type Flow, lineOf, linkOf, noted, placeOf, prefixName, type Scene } from './scene.js'
import { carries } from './segment.js'

/** rt_tables(5) */
const tableNames: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' }
/** Of the rules that every node has (fib_default_rules_init). */
const kernelPriorities = new Set([0, 32766, 32767])

export const tableName = (table: number) => tableNames[table] ?? `${table}`

/** Whether every node has this rule. */
export const isUsual = (rule: Rule) => rule.protocol === 2 && kernelPriorities.has(rule.priority)

export function whyNoWay(scene: Scene, coming: Coming, flow: Flow): Reason {
  const choice = choose(scene.state, coming, flow)
  const { rule, route } = choice
  if (route && route.action !== 'unicast') return byRoute(scene, coming.node, route)
  if (rule && !route) return byRule(scene, rule)
  return (route && deadHop(scene, route)) ?? lost(scene, coming.node, flow) ?? nowhere(scene, coming.node, choice, flow)
}

function byRoute(scene: Scene, node: string, route: Route): Reason {
  const at = placeOf(scene, route)
  const words = `the route to ${prefixName(route.to)} in table ${tableName(route.table)} says ${route.action}`
  const known = { blackhole: 'blackhole', unreachable: 'unreachable', prohibit: 'prohibit' } as const
  const why = known[route.action as keyof typeof known] ?? 'no-route'
  return { node, why, text: noted(words, lineOf(scene, at)), ...(at && { at }) }
}

function byRule(scene: Scene, rule: Rule): Reason {
  const at = placeOf(scene, rule)
  const text = noted(`rule ${rule.priority} says ${rule.action}`, lineOf(scene, at))
  return { node: rule.node, why: 'rule', text, ...(at && { at }) }
}

/** A route that the kernel holds and can't use. */
function deadHop(scene: Scene, route: Route): Reason | undefined {
  const dev = route.nextHops.find(hop => hop.dev !== undefined)?.dev
  const link = dev === undefined ? undefined : linkOf(scene, route.node, dev)
  if (!link || carries(link)) return undefined
  const at = placeOf(scene, link)
  const why = link.up ? 'no-carrier' : 'link-down'
  return {
    node: route.node,
    why,
    text: noted(`${dev} ${link.up ? 'has no carrier' : 'is down'}`, lineOf(scene, at)),
    ...(at && { at }),
  }
}

/** Names the tables that were looked through, and the rules that chose those which not every node looks through. */
function nowhere(scene: Scene, node: string, { searched }: Choice, flow: Flow): Reason {
  const special = searched.filter(rule => !isUsual(rule))
  const at = special.map(rule => placeOf(scene, rule)).find(place => place !== undefined)
  const named = special.map(rule =>
    noted(`table ${tableName(rule.table ?? 0)}`, `rule ${rule.priority}`, lineOf(scene, placeOf(scene, rule))),
  )
  const usual = searched.some(rule => isUsual(rule) && rule.table === 254)
  const tables = [...named, ...(usual ? [named.length > 0 ? 'main' : 'table main'] : [])]
  const where = tables.length === 0 ? '' : ` in ${tables.join(', nor in ')}`
  return { node, why: 'no-route', text: `no route to ${flow.prefix}${where}`, ...(at && { at }) }
}
