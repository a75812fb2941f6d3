/** The few forms that schema fragments are built of. */

/** `null` takes an inherited value away. */
export const nullable = <const S>(schema: S) => ({ anyOf: [schema, { type: 'null' }] }) as const

/** One item may stand for a list of one. */
export const oneOrMany = <const S>(schema: S) => ({ anyOf: [schema, { type: 'array', items: schema }] }) as const

export const text = { type: 'string' } as const
export const flag = { type: 'boolean' } as const

/** A routing table: a number, or one of the names of rt_tables(5). */
export const tableNumber = {
  anyOf: [{ type: 'integer', minimum: 1, maximum: 4294967295 }, { enum: ['main', 'local', 'default'] }],
} as const
