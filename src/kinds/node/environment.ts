/** environment: variables of what runs in a node (environ(7)). */
import { nullable, text } from '../fragment.js'

export const variables = {
  type: 'object',
  additionalProperties: nullable(text),
} as const

export const environmentProperties = {
  environment: nullable({ ...variables, description: 'variables of whatever runs in it, by name' } as const),
} as const
