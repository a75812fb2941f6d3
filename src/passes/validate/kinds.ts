/** A topology in; out the interfaces whose kind does not exist, or that carry another kind's keys. */
import { type Diagnostic, error } from '../../diagnostic.js'
import { type LinkKind, linkKinds } from '../../kinds/index.js'
import { keysOf, type Mapping, type Path, type Value } from '../../model/document.js'
import { similar } from './similar.js'

/** Looks at whatever is there: the rest of the value may be wrong in other ways. */
export function kindMistakes(topology: Value): readonly Diagnostic[] {
  const holders = [
    ...['nodes', 'groups'].flatMap(section => withInterfaces(section, at(topology, section))),
    ...entries({ path: ['defaults'], value: at(topology, 'defaults') }, 'node'),
  ]
  const interfaces = holders.flatMap(holder => entries(holder, 'interfaces')).flatMap(everyEntry)
  const defaults = entries({ path: ['defaults'], value: at(topology, 'defaults') }, 'interface')
  return [...interfaces, ...defaults].flatMap(mistakes)
}

interface Found {
  readonly path: Path
  readonly value: Value
}

function at(value: Value, key: string): Value {
  return isMapping(value) ? (value[key] ?? null) : null
}

function isMapping(value: Value): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The mapping below a key, if there is one. */
function entries({ path, value }: Found, key: string): readonly Found[] {
  const inner = at(value, key)
  return isMapping(inner) ? [{ path: [...path, key], value: inner }] : []
}

/** Of thousands of nodes few declare any. */
function withInterfaces(section: string, value: Value): readonly Found[] {
  if (!isMapping(value)) return []
  const names = keysOf(value).filter(name => isMapping(at(value[name]!, 'interfaces')))
  return names.map(name => ({ path: [section, name], value: value[name]! }))
}

function everyEntry(found: Found): readonly Found[] {
  return isMapping(found.value) ? keysOf(found.value).flatMap(key => entries(found, key)) : []
}

function mistakes({ path, value }: Found): readonly Diagnostic[] {
  const name = at(value, 'kind')
  if (typeof name !== 'string' || !isMapping(value)) return []
  const kind = linkKinds.get(name)
  if (!kind || kind.made === 'pair') return [badKind(name, [...path, 'kind'])]
  return keysOf(value).flatMap(key => foreignKey(kind, key, path))
}

function badKind(name: string, path: Path): Diagnostic {
  if (linkKinds.has(name)) {
    const hint = 'declare it below `links`, such as `- [h1:eth0, h2:eth0]`'
    return error('bad-value', `a ${name} is one end of a link, and links are not made here`, path, { hint })
  }
  const names = [...linkKinds.values()].filter(kind => kind.made !== 'pair').map(kind => kind.name)
  const meant = similar(name, names)
  const hint = meant ? `did you mean \`${meant}\`?` : `there are ${names.join(', ')}`
  return error('bad-value', `there is no kind of interface \`${name}\``, path, { hint })
}

/** A key that only other kinds have. */
function foreignKey(kind: LinkKind, key: string, path: Path): readonly Diagnostic[] {
  if (Object.hasOwn(kind.properties, key)) return []
  const owners = [...linkKinds.values()].filter(each => Object.hasOwn(each.properties, key)).map(each => each.name)
  if (owners.length === 0) return []
  const message = `\`${kind.name}\` has no \`${key}\`; that is for ${owners.join(' and ')}`
  return [error('unknown-key', message, { path: [...path, key], key: true })]
}
