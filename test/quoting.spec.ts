/** No word of the printed script is more than a word to a shell, whatever names and values hold. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { diff, down, plan, type Source, source, up } from '../src/index.js'
import { planScript } from '../src/render/script.js'
import { kindOf } from '../src/resources/index.js'
import { kernel, worked } from './support/labs.js'
import { ipJson, labName, machine, run } from './support/machine.js'

/** Names that the kernel takes for interfaces, and of which each would be something else to a shell that saw it bare. */
const names = [
  ...[
    '$(id>x)',
    '`id>x`',
    ';id>x;',
    '&&id>x',
    '|id>x',
    '>x',
    "a'b",
    "'",
    '"',
    '\\',
    '$HOME',
    '${x}',
    '*',
    '?[a]',
    '~',
    '{a,b}',
  ],
  ...['#x', '!!', '-n', '--', '=', 'a=b', '<x', 'é', '日本', '()', 'dev', 'type', 'name'],
]
const values = [...names, 'a b', "it's", '$(touch x)', '1 2']

/** A lab of two nodes where everything that can hold a free text holds one of these. */
function hostileLab(lab: string, [first, second, label, value]: readonly [string, string, string, string]): Source {
  const text = {
    nodes: {
      r1: {
        labels: { [label]: value },
        sysctls: { 'net.ipv4.ip_local_port_range': value },
        interfaces: { br: { kind: 'bridge', ports: [first] }, lo: { addresses: ['10.9.9.9/32'] } },
        routes: [{ to: '10.8.0.0/16', via: '10.0.1.2', dev: second }],
        rules: [{ iif: second, table: 'main' }],
        neighbors: [{ to: '10.0.1.9', mac: '02:00:00:00:00:09', dev: second }],
      },
      r2: {},
    },
    links: [
      [
        { node: 'r1', interface: first },
        { node: 'r2', interface: second },
      ],
      [
        { node: 'r1', interface: second, addresses: ['10.0.1.1/24', 'fd00::1/64'] },
        { node: 'r2', interface: first, addresses: ['10.0.1.2/24'] },
      ],
    ],
  }
  return source(
    JSON.stringify(text).replaceAll('${', () => '$${'),
    { name: lab, environment: {} },
  )
}

/** A folder to be in, with an `ip` that writes down its words, each ended by a NUL, and nothing else to run. */
function witnessed(script: string): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-quoting-'))
  try {
    const bin = mkdtempSync(join(folder, 'bin-'))
    writeFileSync(join(bin, 'ip'), `#!/bin/sh\n{ printf '%s\\0' ip "$@"; printf '\\n\\0'; } >> ${bin}/words\n`)
    chmodSync(join(bin, 'ip'), 0o755)
    const cwd = mkdtempSync(join(folder, 'cwd-'))
    execFileSync('/bin/sh', ['-n'], { input: script })
    const { status, stderr } = spawnSync('/bin/sh', ['-f'], {
      cwd,
      input: script,
      env: { PATH: bin },
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    assert.equal(stderr, '')
    assert.deepEqual(readdirSync(cwd), [], 'something was run')
    const commands = readFileSync(join(bin, 'words'), 'utf8').split('\n\0').slice(0, -1)
    return commands.map(command => command.split('\0').slice(0, -1))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('quoting', () => {
  it('hands every word of a plan to its program as it is', () => {
    const name = fc.constantFrom(...names)
    const word = fc.tuple(name, name, fc.constantFrom(...values), fc.constantFrom(...values))
    fc.assert(
      fc.property(word, ([first, second, label, value]) => {
        fc.pre(first !== second)
        const planned = worked(plan(hostileLab(labName('quoting'), [first, second, label, value]), kernel)).plan
        const words = planned.operations.flatMap(each => kindOf(each.resource.type).words(each, planned.lab))
        assert.ok(words.some(command => command.includes(first)) && words.some(command => command.includes(second)))
        assert.deepEqual(witnessed(planScript(planned)), words)
      }),
      { numRuns: 30 },
    )
  })

  for (const [first, second] of [
    ['$(id>x)', "a'b"],
    ['`id>x`', '"'],
    [';id>x;', '\\'],
    ['-n', '#x'],
    ['*', 'é'],
    ['dev', 'type'],
  ] as const)
    it(`a lab with ${first} and ${second}, built by the script, is what up would have built`, async () => {
      const [lab, before] = [labName('hostile'), machine()]
      const subject = hostileLab(lab, [first, second, '$(id)', '1024 2048'])
      const cwd = mkdtempSync(join(tmpdir(), 'nstopo-quoting-'))
      try {
        const script = planScript(worked(plan(subject, kernel)).plan)
        const { status, stderr } = spawnSync('sh', { cwd, input: script, encoding: 'utf8' })
        assert.equal(status, 0, stderr)
        assert.deepEqual(readdirSync(cwd), [], 'something was run')
        assert.deepEqual(
          ipJson<{ ifname: string }>(`${lab}.r1`, 'link')
            .map(link => link.ifname)
            .sort(),
          ['br', 'lo', first, second].sort(),
        )
        assert.deepEqual(worked(diff(subject, kernel)).changes, [])
        assert.deepEqual(worked(await up(subject, kernel, { adopt: true })).operations, [])
        assert.deepEqual(worked(diff(subject, kernel)).changes, [])
      } finally {
        await down(lab, kernel)
        for (const node of kernel.space(lab).nodes().keys()) run('ip', 'netns', 'del', `${lab}.${node}`)
        rmSync(cwd, { recursive: true })
      }
      assert.deepEqual(machine(), before)
    })
})
