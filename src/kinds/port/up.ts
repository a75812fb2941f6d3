/** up: whether an interface is set up once it is made. */
import { flag, nullable } from '../fragment.js'

export const upProperties = {
  up: nullable({ ...flag, description: 'false: made, but not set up' } as const),
} as const
