/** The shipped topologies of whole hosts, up for real: they do what they are there for the moment that `up` returns. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { diff, plan, type Source, up } from '../src/index.js'
import { planScript } from '../src/render/script.js'
import { nstopo, program } from './commands/program.js'
import { fileSource, kernel, shippedHosts, withLab, worked } from './support/labs.js'
import { inside, ipJson, ipNetns, labName, machine, run } from './support/machine.js'

const folder = mkdtempSync(join(tmpdir(), 'nstopo-topologies-'))
/** As if it were installed. */
const installed = join(folder, 'nstopo')
const environment = { ...process.env, NSTOPO: installed }

/** By topology, what it is there for. */
const purposes: Readonly<Record<string, (lab: string) => void>> = { clock, fleet, frr, nested, web }

describe('the topologies of whole hosts', () => {
  before(() => writeFileSync(installed, `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, { mode: 0o755 }))
  after(() => rmSync(folder, { recursive: true }))

  it('are all tested here', () => {
    const names = shippedHosts.map(path => basename(path, '.yaml'))
    assert.deepEqual(names, Object.keys(purposes))
  })

  for (const path of shippedHosts) {
    const kind = basename(path, '.yaml')
    const subject = subjectOf(path, kind)

    it(`${kind} is up and at work at once; up again does nothing; down leaves nothing`, async () => {
      const before = leftBehind(subject.name!)
      await withLab(subject, async () => {
        purposes[kind]!(subject.name!)
        assert.deepEqual(missing(subject), [])
        assert.deepEqual(worked(await up(subject, kernel)).operations, [])
      })
      assert.deepEqual(leftBehind(subject.name!), before)
    })
  }

  it('are made by the printed script as far as iproute2 goes, and up --adopt does the rest', async () => {
    const subject = subjectOf(shippedHosts.find(path => path.endsWith('/web.yaml'))!, 'script')
    const before = leftBehind(subject.name!)
    try {
      const script = planScript(worked(plan(subject, kernel)).plan)
      const { status, stderr } = spawnSync('sh', { input: script, encoding: 'utf8' })
      assert.equal(status, 0, stderr)
      const left = missing(subject).map(({ desired }) => desired.type)
      assert.deepEqual([...new Set(left)].sort(), ['file', 'host', 'process'])
      worked(await up(subject, kernel, { adopt: true }))
      web(subject.name!)
    } finally {
      nstopo(['down', subject.name!])
    }
    assert.deepEqual(leftBehind(subject.name!), before)
  })
})

function subjectOf(path: string, kind: string): Source {
  return { ...fileSource(path, labName(kind)), environment }
}

/** Programs put things into nodes; what the file says is there. */
function missing(subject: Source) {
  return worked(diff(subject, kernel)).changes.flatMap(change => {
    assert.ok(change.state === 'missing' || change.state === 'foreign', JSON.stringify(change))
    return change.state === 'missing' ? [change] : []
  })
}

/** Everything that a lab could leave behind: processes and control groups too. */
function leftBehind(lab: string): unknown {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const ours = pids.map(commandOf).filter(command => command.includes(lab))
  return { ...machine(), processes: ours, groups: groupsOf(lab) }
}

/** Of version 2, or of each hierarchy of version 1 (cgroups(7)). */
function groupsOf(lab: string): readonly string[] {
  const root = '/sys/fs/cgroup'
  const folders = readdirSync(root, { withFileTypes: true }).filter(entry => entry.isDirectory())
  const all = folders.flatMap(({ name }) => [name, ...readdirSync(join(root, name)).map(inner => `${name}/${inner}`)])
  return all.filter(name => name.includes(`nstopo-${lab}-`))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** The output of a command in a node, which must work. */
function exec(lab: string, node: string, ...command: readonly string[]): string {
  const { status, stdout, stderr } = nstopo(['exec', lab, node, '--', ...command])
  assert.equal(status, 0, `${node}: ${command.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Ahead by a week, give or take what passes between two looks. */
function clock(lab: string): void {
  const [ahead, today] = ['ahead', 'today'].map(node => Number.parseFloat(exec(lab, node, 'cat', '/proc/uptime')))
  assert.ok(Math.abs(ahead! - today! - 7 * 86_400) < 600, `${ahead} ${today}`)
}

function fleet(lab: string): void {
  const space = kernel.space(lab)
  for (let number = 1; number <= 50; number++) {
    const { host, processes } = space.readHost(`h${`${number}`.padStart(2, '0')}`)
    assert.deepEqual(host?.limits, { memory: 32 * 1024 * 1024, cpu: 0.2, pids: 32 })
    assert.deepEqual(
      processes.map(({ name, seen }) => `${name} ${seen?.state}`),
      ['agent running'],
    )
  }
  space.close()
  assert.equal(exec(lab, 'h07', 'hostname'), 'h07.fleet.example\n')
  // One that wants more than its share is ended; its neighbours, and the rest of its own host, go on.
  const greedy = ['exec', lab, 'h07', '--', process.execPath, '-e', 'Buffer.alloc(100_000_000, 1)']
  assert.equal(spawnSync(process.execPath, [program, ...greedy], { timeout: 300_000 }).signal, 'SIGKILL')
  assert.match(exec(lab, 'h07', 'ps', 'ax'), /sleep infinity/)
}

function frr(lab: string): void {
  assert.match(inside(`${lab}.h1`, 'ping', '-c1', '-W5', '10.0.3.3'), / 0% packet loss/)
  const protocol = (node: string, to: string) =>
    ipJson<{ dst: string; protocol: string }>(`${lab}.${node}`, 'route').find(({ dst }) => dst === to)?.protocol
  assert.deepEqual([protocol('r1', '10.0.3.0/24'), protocol('r3', '10.0.1.0/24')], ['ospf', 'bgp'])
  assert.match(exec(lab, 'r2', 'vtysh', '-c', 'show ip route'), /B>\* 10\.0\.3\.0\/24/)
}

function nested(lab: string): void {
  assert.match(exec(lab, 'outer', installed, 'exec', 'inner', 'a', '--', 'ping', '-c1', '10.1.0.2'), / 0% packet loss/)
  assert.deepEqual(exec(lab, 'outer', 'ip', 'netns').trim().split('\n').sort(), ['inner.a', 'inner.b'])
  assert.deepEqual(
    ipNetns().filter(name => name.startsWith('inner.')),
    [],
  )
  assert.doesNotMatch(run('findmnt', '-rn'), /\/nstopo\/inner/)
}

function web(lab: string): void {
  assert.equal(exec(lab, 'bob', 'curl', '-sS', 'http://shop/', 'http://shop.example/'), 'Open all day.\n'.repeat(2))
  assert.equal(exec(lab, 'shop', 'hostname'), 'shop.example\n')
  assert.match(exec(lab, 'bob', 'getent', 'hosts', 'alice'), /^10\.0\.0\.2 +alice/)
}
