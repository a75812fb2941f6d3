/** Tests as the file says them in; resolved out, with what does not exist reported. */
import { error } from '../../diagnostic.js'
import { type AssertionSpec, bitsPerSecond, seconds, type Topology } from '../../kinds/index.js'
import type { Assertion } from '../../model/assertion.js'
import { parseAddress } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import type { Draft, Report } from './draft.js'
import { type Item, list, pick } from './item.js'
import { printable } from './names.js'
import { patternOf } from './tests/pattern.js'
import { named, nodeNamed, places, portsOf, type TestContext } from './tests/places.js'

/** Seconds */
const patience = 5

export function readTests(file: Item<Topology>, draft: Draft, report: Report): readonly Assertion[] {
  return list<AssertionSpec>(pick(file, 'tests')).flatMap(item => readTest(item, { draft, report }) ?? [])
}

const kinds = ['reach', 'unreachable', 'path', 'tcp', 'http', 'dns', 'throughput', 'mtu', 'run'] as const
type Kind = (typeof kinds)[number]

function readTest(item: Item<AssertionSpec>, context: TestContext): Assertion | undefined {
  const [first, second] = kinds.filter(kind => pick(item, kind) !== undefined)
  if (first === undefined) {
    const hint = `one of ${kinds.join(', ')}, such as \`reach: { from: h1, to: h2 }\``
    return void context.report(error('missing-key', 'nothing says what is tested', item.at, { hint }))
  }
  if (second !== undefined) {
    const hint = `\`- ${first}: …\` and \`- ${second}: …\` are two tests`
    context.report(error('bad-value', 'a test says one thing', { path: [...item.at, second], key: true }, { hint }))
  }
  const spec = pick(item as Item<Record<string, Common>>, first)!
  return { ...{ at: item.at, within: timeOf(spec), ...familyOf(spec) }, ...readers[first](item, context) } as Assertion
}

/** What any of them may say. */
interface Common {
  readonly within?: string | null
  readonly family?: 'ipv4' | 'ipv6' | null
}

function familyOf(spec: Item<Common>): { readonly family?: Family } {
  const family = pick(spec, 'family')?.value
  return family ? { family: family === 'ipv4' ? 4 : 6 } : {}
}

function timeOf(spec: Item<Common>): number {
  const said = pick(spec, 'within')
  return ((said && seconds(said.value)) ?? patience) * 1000
}

type Reader = (item: Item<AssertionSpec>, context: TestContext) => object
const mostPairs = 100_000

function pairs(
  spec: Item<{ from: string | readonly string[]; to: string | readonly string[] }>,
  context: TestContext,
): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const [from, to] = [named(pick(spec, 'from'), context), places(pick(spec, 'to'), context)]
  if (from.length * to.length <= mostPairs) return { from, to }
  const message = `these are ${from.length * to.length} pairs of nodes; a test takes ${mostPairs} at most`
  context.report(error('bad-value', message, spec.at))
  return { from: [], to: [] }
}

function checkDns(spec: Item<NonNullable<AssertionSpec['dns']>>, { report }: TestContext): void {
  const name = pick(spec, 'name')!
  if (!/^([A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?$/.test(name.value) || name.value.length > 253)
    report(error('bad-value', `\`${printable(name.value)}\` is no name that a resolver knows`, name.at))
  for (const { value, at } of list<string>(pick(spec, 'answer')))
    if (!parseAddress(value)) report(error('bad-address', `\`${printable(value)}\` is no address`, at))
}

const readers: Readonly<Record<Kind, Reader>> = {
  reach: (item, context) => ({ kind: 'reach', ...pairs(pick(item, 'reach')!, context) }),
  unreachable: (item, context) => ({ kind: 'unreachable', ...pairs(pick(item, 'unreachable')!, context) }),
  path(item, context) {
    const spec = pick(item, 'path')!
    return { kind: 'path', ...pairs(spec, context), via: named(pick(spec, 'via'), context) }
  },
  tcp(item, context) {
    const spec = pick(item, 'tcp')!
    return { kind: 'tcp', from: named(pick(spec, 'from'), context), to: portsOf(pick(spec, 'to'), undefined, context) }
  },
  http(item, context) {
    const spec = pick(item, 'http')!
    const body = patternOf(pick(spec, 'body'), context.report)
    return {
      ...{ kind: 'http', from: named(pick(spec, 'from'), context), to: portsOf(pick(spec, 'to'), 80, context) },
      ...{ path: pick(spec, 'path')?.value ?? '/', status: pick(spec, 'status')?.value ?? 200 },
      ...(body && { body }),
    }
  },
  dns(item, context) {
    const spec = pick(item, 'dns')!
    const server = pick(spec, 'server')
    const [address] = server ? places(server, context) : []
    checkDns(spec, context)
    return {
      ...{ kind: 'dns', from: named(pick(spec, 'from'), context), name: pick(spec, 'name')!.value },
      ...{
        type: pick(spec, 'type')?.value ?? 'A',
        answer: list<string>(pick(spec, 'answer')).map(({ value }) => value),
      },
      ...(address !== undefined && { server: address }),
    }
  },
  throughput(item, context) {
    const spec = pick(item, 'throughput')!
    const [from, to] = [pick(spec, 'from')!, pick(spec, 'to')!]
    nodeNamed(from, context)
    places(to, context)
    return {
      kind: 'throughput',
      from: from.value,
      to: to.value,
      atLeast: bitsPerSecond(pick(spec, 'atLeast')!.value) ?? 0,
    }
  },
  mtu(item, context) {
    const spec = pick(item, 'mtu')!
    return { kind: 'mtu', ...pairs(spec, context), is: pick(spec, 'is')!.value }
  },
  run(item, context) {
    const spec = pick(item, 'run')!
    const output = patternOf(pick(spec, 'output'), context.report)
    return {
      ...{ kind: 'run', in: named(pick(spec, 'in'), context), status: pick(spec, 'status')?.value ?? 0 },
      command: list<string>(pick(spec, 'command')).map(({ value }) => value),
      ...(output && { output }),
    }
  },
}
