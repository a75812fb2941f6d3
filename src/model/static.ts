/** A JSON Schema, as plain data, in; the type of what it describes out: of the keywords, those that our schemas use. */

/** The type of a value that the schema takes. */
export type Static<S> = S extends { readonly anyOf: readonly (infer One)[] }
  ? Each<One>
  : S extends { readonly const: infer Value }
    ? Value
    : S extends { readonly enum: readonly (infer Value)[] }
      ? Value
      : S extends { readonly type: infer Name }
        ? Typed<S, Name>
        : unknown

/** One schema at a time. */
type Each<S> = S extends unknown ? Static<S> : never

type Typed<S, Name> = Name extends keyof Plain
  ? Plain[Name]
  : S extends { readonly items: infer Item }
    ? Static<Item>[]
    : S extends { readonly properties: infer Properties }
      ? Members<Properties, S extends { readonly required: readonly (infer Key)[] } ? Key : never>
      : S extends { readonly additionalProperties: infer Value }
        ? { [name: string]: Static<Value> }
        : Name extends 'object'
          ? object
          : unknown

interface Plain {
  string: string
  integer: number
  number: number
  boolean: boolean
  null: null
}

type Members<P, Required> = Flat<
  { -readonly [K in keyof P as K extends Required ? K : never]: Static<P[K]> } & {
    -readonly [K in keyof P as K extends Required ? never : K]?: Static<P[K]>
  }
>

/** As one list of members, in editors and messages too. */
type Flat<T> = { [K in keyof T]: T[K] }
