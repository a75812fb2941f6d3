/** labels: words of the user's own about a node. */
import { nullable, text } from '../fragment.js'

export const labelProperties = {
  labels: nullable({
    type: 'object',
    additionalProperties: nullable(text),
    description: 'free; shown by inspect and graph',
  } as const),
} as const
