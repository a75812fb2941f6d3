/** cost: how computed routes weigh the way out of an interface. */
import { nullable } from '../fragment.js'

export const costProperties = {
  cost: nullable({
    type: 'integer',
    minimum: 1,
    maximum: 16777215,
    description: 'what the way out of here costs computed routes; 1 unless said otherwise',
  } as const),
} as const
