/** RTM_NEWRULE, RTM_DELRULE → a namespace's rules (net/core/fib_rules.c). */
import { afOf, flag, type ruleMessage } from '../../netlink/messages.js'
import type { Namespace } from './model.js'
import { Refused } from './refused.js'

export type Rule = ReturnType<typeof ruleMessage.read>

const kernelProtocol = 2
const everyBit = 0xffffffff
const toTable = 1

const rule = (family: number, priority: number, table: number): Rule => ({
  ...{ family, dstLength: 0, srcLength: 0, tos: 0, table, action: toTable, flags: 0 },
  attributes: { priority, protocol: kernelProtocol, table },
})

/** local, main and default; IPv6 has no default. */
export const kernelRules: readonly Rule[] = [
  ...[rule(afOf[4], 0, 255), rule(afOf[4], 32766, 254), rule(afOf[4], 32767, 253)],
  ...[rule(afOf[6], 0, 255), rule(afOf[6], 32766, 254)],
]

export function addRule(ns: Namespace, said: Rule, flags: number): void {
  const made = whole(said)
  if (flags & flag.excl && ns.rules.some(held => fits(held, made))) throw new Refused('EEXIST')
  ns.rules.push(made)
}

export function removeRule(ns: Namespace, said: Rule): void {
  const named = whole(said)
  const found = ns.rules.find(held => fits(held, named))
  if (!found) throw new Refused('ENOENT')
  ns.rules.splice(ns.rules.indexOf(found), 1)
}

/** A mark without a mask means all of it. */
function whole(said: Rule): Rule {
  const { fwmark, fwmask = everyBit } = said.attributes
  return fwmark === undefined ? said : { ...said, attributes: { ...said.attributes, fwmask } }
}

/** Selectors that are not named may be any, and who wrote it tells no rule from another (rule_exists, rule_find). */
function fits(held: Rule, { attributes: { protocol: _, ...attributes }, ...header }: Rule): boolean {
  const { family, action, table, flags, srcLength, dstLength, tos } = header
  const same = {
    family,
    action,
    table,
    flags,
    ...(srcLength && { srcLength }),
    ...(dstLength && { dstLength }),
    ...(tos && { tos }),
  }
  return holds(held, same) && holds(held.attributes, attributes)
}

function holds(held: object, named: object): boolean {
  const values = new Map<string, unknown>(Object.entries(held))
  return Object.entries(named).every(
    ([key, value]) => value === undefined || JSON.stringify(values.get(key)) === JSON.stringify(value),
  )
}

/** The tables that are looked into for a packet to an address that has no other marks, in their order. */
export function tablesFor(ns: Namespace, family: number, goesTo: (dst: string, length: number) => boolean): number[] {
  return ns.rules
    .filter(({ family: own, action, attributes: { priority, protocol, table, dst, ...others }, dstLength, flags }) => {
      const plain = Object.values(others).every(value => value === undefined)
      return own === family && action === toTable && flags === 0 && plain && (!dst || goesTo(dst, dstLength ?? 0))
    })
    .sort((a, b) => (a.attributes.priority ?? 0) - (b.attributes.priority ?? 0))
    .map(({ attributes, table = 0 }) => attributes.table ?? table)
}
