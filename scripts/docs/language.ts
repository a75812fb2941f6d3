/** The schema of topologies and the registry of kinds in, the page of docs/language.md out. */
import type { LinkKind, Schema } from '../../src/kinds/index.js'
import { markdownTable } from './markdown.js'

export function languagePage(schema: Schema, kinds: readonly LinkKind[]): string {
  const own = new Set(kinds.flatMap(kind => Object.keys(kind.properties)))
  const node = at(schema, ['nodes', '*'])
  const port = at(node, ['interfaces', '*'])
  const link = at(schema, ['links', '*'])
  const portRows = rows(port).filter(([key = '']) => !own.has(key.replaceAll('`', '')))
  return `# The topology language

A topology is YAML 1.2 (JSON is YAML too). This page lists every key; the [guide](guide.md) shows them at work. The same is
in \`schemas/topology.schema.json\`, for editors. Where one item may stand for a list of one, the type says *or a list*;
\`key+\` appends to an inherited list, \`null\` takes an inherited value away.

## The file

${keyTable(rows(schema))}

## A node: \`nodes.NAME\`, \`groups.NAME\`, \`defaults.node\`

${keyTable(rows(node))}

### A route: \`routes\`

${keyTable(rows(at(node, ['routes', '*'])))}

### A rule: \`rules\`

${keyTable(rows(at(node, ['rules', '*'])))}

### A neighbour: \`neighbors\`

${keyTable(rows(at(node, ['neighbors', '*'])))}

### A file: \`files.PATH\`

${keyTable(rows(at(node, ['files', '*'])))}

### A process: \`processes.NAME\`

${keyTable(rows(at(node, ['processes', '*'])))}

${section('####', 'ready', at(node, ['processes', '*', 'ready']))}

${section('####', 'stop', at(node, ['processes', '*', 'stop']))}

${['time', 'limits', 'users', 'dns'].map(key => section('###', key, at(node, [key]))).join('\n\n')}

## A test: \`tests\`

One of these keys says what has to be true; \`nstopo test\` finds out whether it is.

${Object.keys(propertiesOf(at(schema, ['tests', '*'])))
  .map(key => testSection(key, at(schema, ['tests', '*', key])))
  .join('\n\n')}

## A link: \`links\`

A list of ends, or a mapping:

${keyTable(rows(link))}

### An end: \`endpoints\`

A text, \`node\` or \`node:interface\`, either followed by addresses; or a mapping:

${keyTable(rows(at(link, ['endpoints', '*'])))}

## An interface: \`nodes.NAME.interfaces.NAME\`

Every kind takes these:

${keyTable(portRows)}

${kinds.map(kindSection).join('\n\n')}
`
}

function section(level: string, key: string, schema: Schema): string {
  return `${level} \`${key}\`\n\n${keyTable(rows(schema))}`
}

function testSection(key: string, schema: Schema): string {
  return `### \`${key}\`: ${descriptionOf(schema)}\n\n${keyTable(rows(schema))}`
}

function kindSection(kind: LinkKind): string {
  const keys = Object.entries(kind.properties).map(([name, schema]) => row(name, schema, kind.required))
  return `### \`kind: ${kind.name}\`\n\n${kind.summary}${keys.length === 0 ? '' : `\n\n${keyTable(keys)}`}`
}

function keyTable(keys: readonly (readonly string[])[]): string {
  return markdownTable(['key', 'type', ''], keys)
}

/** The keys of a mapping’s schema, but for those that only say \`key+\`. */
function rows(schema: Schema): readonly (readonly string[])[] {
  const properties = propertiesOf(schema)
  const { required } = mapping(schema) ?? {}
  return Object.entries(properties)
    .filter(([name]) => !name.endsWith('+') && name !== '$schema')
    .map(([name, each]) => row(name, each, texts(required)))
}

function row(name: string, schema: Schema, required: readonly string[]): readonly string[] {
  return [`\`${name}\`${required.includes(name) ? ' (needed)' : ''}`, typeOf(schema), descriptionOf(schema)]
}

/** The schema below keys and, for `*`, below any name or item. */
function at(schema: Schema, path: readonly string[]): Schema {
  return path.reduce<Schema>(
    (inner, step) => (step === '*' ? itemOf(inner) : (propertiesOf(inner)[step] ?? {})),
    schema,
  )
}

function itemOf(schema: Schema): Schema {
  const found = branches(schema).flatMap(branch => [branch.additionalProperties, branch.items].filter(isSchema))
  return found[0] ?? {}
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  const properties = mapping(schema)?.properties
  return isSchema(properties) ? (properties as Readonly<Record<string, Schema>>) : {}
}

/** The branch that is a mapping of known keys. */
function mapping(schema: Schema): Schema | undefined {
  return branches(schema).find(branch => isSchema(branch.properties))
}

function branches(schema: Schema): readonly Schema[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema).flatMap(branches) : [schema]
}

function typeOf(schema: Schema): string {
  const all = branches(schema).filter(branch => branch.type !== 'null')
  const lists = all.filter(branch => branch.type === 'array')
  const single = all.filter(branch => branch.type !== 'array').map(plainType)
  const words = [...new Set(single)]
  if (lists.length === 0) return words.join(' or ')
  return words.length > 0 ? `${words.join(' or ')}, or a list` : `list of ${typeOf(itemOf(lists[0]!)) || 'ends'}`
}

function plainType(schema: Schema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(value => `\`${value}\``).join(', ')
  if (schema.type === 'object') return isSchema(schema.additionalProperties) ? 'mapping by name' : 'mapping'
  if (schema.type !== 'integer') return schema.type === 'boolean' ? '`true`, `false`' : 'text'
  return schema.minimum === undefined ? 'number' : `${schema.minimum} to ${schema.maximum}`
}

function descriptionOf(schema: Schema): string {
  const own = [schema, ...branches(schema), ...branches(schema).map(itemOf)].flatMap(each => texts([each.description]))
  return own[0] ?? ''
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
