/** What the schemas of results are made of. */

/** Functions rather than literals: inside of a spread, `as const` would not reach a literal. */
export const oneOf = <const N extends readonly (string | number)[]>(...names: N) => ({ enum: names })
export const exactly = <const N extends string>(name: N) => ({ const: name })

export const text = { type: 'string' } as const
export const integer = { type: 'integer' } as const
export const number = { type: 'number' } as const
export const flag = { type: 'boolean' } as const
export const texts = { type: 'array', items: text } as const
export const textByName = { type: 'object', additionalProperties: text } as const

/** What a command says of each node of a lab. */
export const ofNodes = <const I>(items: I) =>
  ({
    type: 'object',
    required: ['lab', 'nodes'],
    properties: { lab: text, nodes: { type: 'array', items } },
  }) as const

/** In a file that somebody wrote. */
export const place = {
  type: 'object',
  required: ['file', 'line', 'column'],
  properties: { file: text, line: integer, column: integer },
} as const
