/** Hosts drawn at random → topologies: few names and values, so that two of them have much in common. */
import fc from 'fast-check'

const nodes = ['a', 'b', 'c'] as const
const names = ['p', 'q', 'r'] as const

const process = fc.record({
  // All of them go on until they are ended.
  command: fc.constantFrom('sleep, inf', 'sleep, infinity', 'tail, -f, /dev/null'),
  needs: fc.boolean(),
  restart: fc.constantFrom('no', 'always'),
  role: fc.constantFrom('', 'one', 'two'),
})

const host = fc.record({
  hostname: fc.constantFrom('', '${node}.example', 'other'),
  isolate: fc.constantFrom('', 'mount', 'pid', 'ipc', 'all'),
  time: fc.constantFrom('', '{ boottime: +7d }', '{ monotonic: 1h }'),
  limits: fc.constantFrom('', '{ pids: 100 }', '{ memory: 64mb, pids: 200 }'),
  folder: fc.constantFrom('', '1mb', '2mb'),
  inside: fc.constantFrom('', 'one', 'two'),
  motd: fc.constantFrom('', 'one', 'two'),
  hosts: fc.constantFrom('', 'auto', '{ printer: 10.0.0.77 }'),
  dns: fc.constantFrom('', '10.0.0.53'),
  role: fc.constantFrom('', 'one', 'two'),
  processes: fc.dictionary(fc.constantFrom(...names), process, { maxKeys: 3 }),
})

export const hostsLab = fc.record({
  nodes: fc.dictionary(fc.constantFrom(...nodes), fc.option(host, { freq: 4 }), { minKeys: 2 }),
  mtu: fc.constantFrom(1500, 1400),
})
export type DrawnHosts = typeof hostsLab extends fc.Arbitrary<infer T> ? T : never
type Drawn = NonNullable<DrawnHosts['nodes'][string]>

export function hostsText({ nodes: drawn, mtu }: DrawnHosts): string {
  const all = Object.entries(drawn)
  const lines = all.map(([name, keys]) => `  ${name}: { ${keys ? keysOf(name, keys, drawn).join(', ') : ''} }`)
  const ends = all.map(([name]) => name).join(', ')
  const link = `- { name: lan, endpoints: [${ends}], subnet: 10.0.0.0/24, mtu: ${mtu} }`
  return `nodes:\n${lines.join('\n')}\nlinks:\n  ${link}\n`
}

function keysOf(name: string, drawn: Drawn, all: DrawnHosts['nodes']): readonly string[] {
  const { hostname, isolate, time, limits, hosts, dns, role } = drawn
  const said = Object.entries({ hostname: hostname && `"${hostname}"`, isolate, time, limits, hosts })
  const processes = Object.entries(drawn.processes).map(
    ([own, one]) => `${own}: { command: [${one.command}], ${processKeys(`${name}:${own}`, one, all).join(', ')} }`,
  )
  return [
    ...said.filter(([, text]) => text !== '').map(([key, text]) => `${key}: ${text}`),
    ...(dns ? [`dns: { servers: ${dns} }`] : []),
    ...(role ? [`environment: { ROLE: ${role} }`] : []),
    `files: { ${filesOf(drawn).join(', ')} }`,
    `processes: { ${processes.join(', ')} }`,
  ]
}

function filesOf({ folder, inside, motd }: Drawn): readonly string[] {
  return [
    ...(folder ? [`/mnt: { tmpfs: ${folder} }`] : []),
    ...(folder && inside ? [`/mnt/inside: { content: ${inside} }`] : []),
    ...(motd ? [`/etc/motd: { content: ${motd}, mode: 0600 }`] : []),
  ]
}

/** Each may need those before it, so that none wait for each other. */
function processKeys(name: string, one: Drawn['processes'][string], all: DrawnHosts['nodes']): readonly string[] {
  const others = Object.entries(all).flatMap(([node, keys]) =>
    Object.keys(keys?.processes ?? {}).map(p => `${node}:${p}`),
  )
  const before = one.needs ? others.filter(other => other < name) : []
  return [
    `restart: ${one.restart}`,
    `needs: [${before.join(', ')}]`,
    ...(one.role ? [`environment: { ROLE: ${one.role} }`] : []),
    'stop: { signal: KILL }',
  ]
}
