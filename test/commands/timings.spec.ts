import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { commands } from '../../commands/shared/table.js'
import { linux } from '../../src/kernel/linux.js'
import type { Operation } from '../../src/model/plan.js'
import { plan } from '../../src/pipeline.js'
import type { Timings } from '../../src/render/schemas/envelope.js'
import { labName } from '../support/machine.js'
import { inFolder, nstopo, root } from './program.js'

/** One of everything that a plan can have a message for. */
const topology = (lab: string) => `
name: ${lab}
nodes:
  gw:
    kind: router
    interfaces:
      lo: { addresses: 10.255.0.1/32 }
      vx: { kind: vxlan, id: 100, local: 10.0.0.1, remote: 10.0.0.2 }
      tap0: { kind: tap }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.2 }]
    rules: [{ from: 10.255.0.1, table: 254, priority: 1000 }]
    neighbors: [{ to: 10.0.0.9, mac: "02:00:00:00:00:09", dev: lan }]
    sysctls: { net.ipv4.ip_default_ttl: 65 }
  h1:
  h2:
links:
  - { name: wire, endpoints: [gw:lan 10.0.0.1/24, h1 10.0.0.2/24, h2 10.0.0.3/24], gateway: gw }
`

interface Printed {
  readonly status: number
  readonly timings: Timings
}

/** What the timings should say that an operation was. */
function call({ verb, resource }: Operation): string {
  switch (resource.type) {
    case 'sysctl':
      return 'write setting'
    case 'link':
      return verb === 'create' ? `create ${resource.kind}` : `${verb} link`
    case 'neighbor':
      return 'write neighbour'
    default:
      return `${verb} ${resource.type}`
  }
}

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** The calls that a phase made, by what they were. */
function callsIn({ phases }: Timings, name: string): Readonly<Record<string, number>> {
  const calls = phases.filter(({ path, count }) => path[0] === name && path.length === 2 && count !== undefined)
  const entries = calls.map(({ path, count }) => [path[1]!, count!] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The document of a run, held against the schema that the package ships. */
function json(words: readonly string[], cwd: string): Printed {
  const { stdout, stderr, status } = nstopo([...words, '--json', '--timings'], { cwd })
  const { $schema: _, ...schema } = JSON.parse(readFileSync(join(root, `schemas/${words[0]}.schema.json`), 'utf8')) as {
    readonly $schema: string
  }
  const document = JSON.parse(stdout) as Printed
  const ajv = new Ajv({ strict: true })
  assert.ok(ajv.validate(schema, document), ajv.errorsText())
  assert.deepEqual([stderr, document.status], ['', status])
  return document
}

const table =
  /^\nwhere the time went +ms +share +count +µs each\nstart Node\.js .*\n[\s\S]*\ntotal .*\n {2}of this the kernel .*\n$/

describe('commands: where the time goes', () => {
  it('up tells of each kind of message, as many as there are in the plan', () => {
    const lab = labName('timings')
    inFolder({ 'lab.yaml': topology(lab) }, cwd => {
      try {
        const label = join(cwd, 'lab.yaml')
        const source = { text: topology(lab), label, path: label, variables: {}, environment: {} }
        const wanted = plan(source, linux()).value?.plan.operations ?? []
        const { timings } = json(['up'], cwd)
        const made = counted(wanted.map(call))
        assert.deepEqual(callsIn(timings, 'execute'), made)
        assert.ok(Object.keys(made).length >= 10, Object.keys(made).join())
        const messages = timings.phases.filter(({ path, message }) => path[0] === 'execute' && message)
        assert.deepEqual([...new Set(messages.map(({ message }) => message))].sort(), [
          'RTM_NEWADDR',
          'RTM_NEWLINK',
          'RTM_NEWNEIGH',
          'RTM_NEWROUTE',
          'RTM_NEWRULE',
        ])
        const phases = timings.phases.filter(({ path }) => path.length === 1).map(({ path }) => path[0])
        for (const phase of ['parse', 'validate', 'resolve', 'lower', 'observe', 'diff', 'plan', 'execute'])
          assert.ok(phases.includes(phase), phase)
        const again = json(['up'], cwd)
        assert.deepEqual(callsIn(again.timings, 'execute'), {})
        assert.equal(callsIn(again.timings, 'observe')['list links'], 4)
      } finally {
        nstopo(['down', lab])
      }
    })
  })

  it('every command takes both flags (watch, which does not end, in its own test): a table after the result, and a trace', () => {
    const lab = labName('every')
    const words: Readonly<Record<string, readonly string[]>> = {
      ...{ down: [lab], exec: ['h1', '--', 'echo', 'inside'], shell: ['h1'], completion: ['bash'], help: ['up'] },
      ...{
        run: ['lab.yaml', '--', 'true'],
        explain: [lab, 'h1', 'gw'],
        cp: ['h1:/etc/hostname', 'copied'],
        logs: ['h1'],
        start: ['h1'],
        stop: ['h1'],
        restart: ['h1'],
      },
    }
    const processes = '{ processes: { sleeper: { command: [sleep, infinity] } } }'
    const file = `${topology(lab).replace('  h1:', `  h1: ${processes}`)}tests: [{ reach: { from: h1, to: h2 } }]\n`
    inFolder({ 'lab.yaml': file }, cwd => {
      const order = Object.keys(commands).filter(command => command !== 'down' && command !== 'watch')
      try {
        for (const command of [...order, 'down']) {
          const flags = ['--timings', '--profile', `${command}.json`]
          const env = { SHELL: '/bin/sh', PATH: process.env.PATH ?? '' }
          const { stdout, stderr } = nstopo([command, ...flags, ...(words[command] ?? [])], { cwd, env })
          // An interactive shell has words of its own for standard error.
          assert.match(command === 'shell' ? stderr.replace(/(?<=the kernel .*\n)[\s\S]*/, '') : stderr, table, command)
          assert.ok(!stdout.includes('µs each'), command)
          const { traceEvents } = JSON.parse(readFileSync(join(cwd, `${command}.json`), 'utf8'))
          assert.equal(traceEvents[0].args.name, `nstopo ${command}`)
          assert.ok(traceEvents.length >= 5, command)
        }
      } finally {
        nstopo(['down', lab])
      }
    })
  })

  it('exec and shell tell it before they become the command; side by side only nstopo does', () => {
    const lab = labName('enter')
    inFolder({ 'lab.yaml': `name: ${lab}\nnodes: {h1: , h2: }\nlinks: [[h1, h2]]\n` }, cwd => {
      try {
        assert.equal(nstopo(['up', '-q'], { cwd }).status, 0)
        const one = nstopo(['exec', 'h1', '--timings', '--', 'sh', '-c', 'echo last >&2; exit 3'], { cwd })
        assert.equal(one.status, 3)
        assert.match(one.stderr.replace(/last\n$/, ''), table)
        const env = { NSTOPO_EXEC_TIMINGS: '1', NSTOPO_EXEC_PROFILE: 'all.json' }
        const all = nstopo(['exec', '--all', '--', 'echo', 'hi'], { cwd, env })
        assert.match(all.stderr, table)
        assert.match(all.stderr, /^run the command /m)
        assert.ok(existsSync(join(cwd, 'all.json')))
        const lost = nstopo(['exec', 'h1', '--timings', '--', 'no-such-program'], { cwd })
        assert.deepEqual([lost.status, lost.stderr.match(/where the time went/g)?.length], [127, 1])
      } finally {
        nstopo(['down', lab])
      }
    })
  })

  it('tells it of a run that fails too, and with -q', () => {
    inFolder({ 'bad.yaml': 'nodes: {h1: {kind: toaster}}' }, cwd => {
      const { status, stderr } = nstopo(['validate', '-q', '--timings', '--profile', 'trace.json', 'bad.yaml'], { cwd })
      assert.equal(status, 2)
      assert.match(stderr, /toaster[\s\S]*\n\nwhere the time went/)
      assert.ok(existsSync(join(cwd, 'trace.json')))
      assert.ok(json(['validate', 'bad.yaml'], cwd).timings.milliseconds > 0)
      assert.equal(json(['up', 'none.yaml'], cwd).timings.kernel, 0)
    })
  })

  it('a trace that can’t be written stops a command before anything is touched, and replaces nothing but a trace', () => {
    const lab = labName('trace')
    inFolder({ 'lab.yaml': `name: ${lab}\nnodes: {h1: }\n` }, cwd => {
      const nowhere = nstopo(['up', '--profile', 'no/such/folder', 'lab.yaml'], { cwd })
      assert.deepEqual([nowhere.status, nowhere.stdout], [2, ''])
      assert.match(nowhere.stderr, /no\/such\/folder cannot be written: ENOENT/)
      const text = readFileSync(join(cwd, 'lab.yaml'), 'utf8')
      const mistaken = nstopo(['up', '--json', '--profile', 'lab.yaml'], { cwd })
      assert.deepEqual([mistaken.status, JSON.parse(mistaken.stdout).diagnostics[0].code], [2, 'in-the-way'])
      assert.equal(readFileSync(join(cwd, 'lab.yaml'), 'utf8'), text)
      assert.ok(!linux().labs().includes(lab))
      assert.equal(nstopo(['exec', '--profile', '', 'h1', '--', 'true'], { cwd }).status, 125)
      const file = join(cwd, 'trace.json')
      for (const before of ['', `{"traceEvents":[${' '.repeat(100_000)}]}`]) {
        writeFileSync(file, before)
        assert.equal(nstopo(['validate', '--profile', 'trace.json', 'lab.yaml'], { cwd }).status, 0)
        assert.ok(JSON.parse(readFileSync(file, 'utf8')).traceEvents.length > 5)
      }
      const full = nstopo(['validate', '--profile', '/dev/full', 'lab.yaml'], { cwd })
      assert.deepEqual([full.status, full.stdout !== ''], [74, true])
      assert.match(full.stderr, /ENOSPC/)
    })
  })
})
