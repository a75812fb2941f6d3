/** What a value read from a file should look like; what does not fit out, in plain words. */

/** What does not fit, if something does not; `at` is where the value stands: `source.text`. */
export type Shape = (value: unknown, at: string) => string | undefined

export type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function being(what: string, is: (value: unknown) => boolean): Shape {
  return (value, at) => (is(value) ? undefined : `has no ${what} in ${at}`)
}

export function whole(least: number, most: number): Shape {
  return being('number', value => Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
}

export function oneOf(...known: readonly string[]): Shape {
  return (value, at) => {
    if (known.includes(value as string)) return undefined
    return value === undefined ? `has no ${at}` : `has no known ${at} (${shown(value)})`
  }
}

export function optional(shape: Shape): Shape {
  return (value, at) => (value === undefined ? undefined : shape(value, at))
}

/** What JSON makes of `__proto__` is a key like others: only own ones are looked at. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, at) => {
    if (!isMapping(value)) return `has nothing in ${at}`
    for (const [key, shape] of Object.entries(shapes)) {
      const damage = shape(Object.hasOwn(value, key) ? value[key] : undefined, at === '' ? key : `${at}.${key}`)
      if (damage !== undefined) return damage
    }
    return undefined
  }
}

export function list(shape: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return `has no list in ${at}`
    for (const [index, item] of value.entries()) {
      const damage = shape(item, `${at}.${index}`)
      if (damage !== undefined) return damage
    }
    return undefined
  }
}

/** A mapping of whatever names to values of one shape. */
export function each(name: RegExp, shape: Shape): Shape {
  return (value, at) => {
    if (!isMapping(value)) return `has nothing in ${at}`
    for (const key of Object.keys(value)) {
      if (!name.test(key)) return `has ${shown(key)} in ${at}, which is no name`
      const damage = shape(value[key], `${at}.${shown(key)}`)
      if (damage !== undefined) return damage
    }
    return undefined
  }
}

const longestShown = 40

/** A value for a message of one line: short, and of signs that move no terminal's cursor. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const plain = text.slice(0, longestShown).replace(/[^\x20-\x7e]/g, '�')
  return text.length > longestShown ? `${plain}…` : plain
}
