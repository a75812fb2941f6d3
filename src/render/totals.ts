/** Operations in; how many there are of each kind, in words, out. */
import type { Operation, Verb } from '../model/plan.js'
import { count } from './table.js'

/** `3 to create, 1 to update` */
export function totals(operations: readonly Operation[]): string {
  const verbs: readonly Verb[] = ['create', 'update', 'remove']
  const numbers = verbs.map(verb => [verb, operations.filter(o => o.verb === verb).length] as const)
  const said = numbers.filter(([, number]) => number > 0).map(([verb, number]) => `${number} to ${verb}`)
  return `${count(operations.length, 'operation')}: ${said.join(', ')}`
}
