/** Network namespaces → what they hold, by `ip` and `nft`, with few programs run: a driver asks thousands of times. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { steadyPart } from '../support/machine.js'

type Item = Record<string, unknown>

const questions = ['link', 'address', 'route show table all', 'rule', 'neigh show nud permanent']
const questions6 = ['route show table all', 'rule']

/** All that a namespace holds; that of a name in /run/netns, or the one that we are in. */
export function networkOf(namespace: string | undefined): Readonly<Record<string, readonly string[]>> {
  const shown = askAll(namespace)
  const words = ['links', 'addresses', 'routes', 'rules', 'neighbours', 'IPv6 routes', 'IPv6 rules']
  const of = namespace === undefined ? '' : ` of ${namespace}`
  const sections = shown.map((items, index) => [
    `${words[index]}${of}`,
    items.map(item => steady(JSON.stringify(item))),
  ])
  return { ...Object.fromEntries(sections), ...(hasNft ? { [`nft rules${of}`]: rulesOf(namespace) } : {}) }
}

/** The same as `witness` of test/support, by two programs a node instead of eight. */
export function witnesses(lab: string, nodes: readonly string[]): readonly string[] {
  return nodes.flatMap(node => seen(`${lab}.${node}`).map(line => `${node} ${line}`))
}

/** Of a node that is not there, ip's own words. */
function seen(namespace: string): readonly string[] {
  try {
    return Object.entries(witnessOf(namespace)).flatMap(([what, items]) =>
      items.flat().map(item => `${what}: ${typeof item === 'string' ? item : JSON.stringify(item)}`),
    )
  } catch (thrown) {
    return [String((thrown as { stderr?: unknown }).stderr ?? thrown).trim()]
  }
}

function witnessOf(namespace: string): ReturnType<typeof steadyPart> {
  const [links = [], addresses = [], routes = [], rules = [], neighbors = [], routes6 = [], rules6 = []] =
    askAll(namespace)
  return steadyPart({ links, addresses, routes: [routes, routes6], rules: [rules, rules6], neighbors })
}

function askAll(namespace: string | undefined): readonly (readonly Item[])[] {
  return [...ask(namespace, [], questions), ...ask(namespace, ['-6'], questions6)]
}

/** One line an answer. */
function ask(
  namespace: string | undefined,
  flags: readonly string[],
  lines: readonly string[],
): readonly (readonly Item[])[] {
  const place = namespace === undefined ? [] : ['-n', namespace]
  const input = `${lines.join('\n')}\n`
  const said = execFileSync('ip', [...place, ...flags, '-j', '-d', '-batch', '-'], {
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const answers = said.trim().split('\n')
  if (answers.length !== lines.length) throw new Error(`${lines.length} questions, ${answers.length} answers: ${said}`)
  return answers.map(answer => JSON.parse(answer) as Item[])
}

/** Timers run, and whether anything arrived lately is nobody's setting. */
function steady(line: string): string {
  return line.replace(/"(\w+_timer|valid_life_time|preferred_life_time|expires|used)":[\d.]+,?/g, '')
}

/** Where it is not installed, nothing is said of its rules. */
export const hasNft = ['/usr/sbin/nft', '/sbin/nft', '/usr/bin/nft'].some(path => existsSync(path))

function rulesOf(namespace: string | undefined): readonly string[] {
  const command = ['nft', '-j', 'list', 'ruleset']
  const [program = '', ...words] =
    namespace === undefined ? command : ['nsenter', `--net=/run/netns/${namespace}`, ...command]
  const { nftables } = JSON.parse(execFileSync(program, words, { encoding: 'utf8' })) as { nftables: Item[] }
  return nftables.filter(item => !('metainfo' in item)).map(item => JSON.stringify(item))
}
