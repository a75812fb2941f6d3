/** What killed runs, damaged records and strangers leave, and what the next run makes of it. Kills at every instant: test/reliability. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { diff, down, gc, list, source, up } from '../src/index.js'
import type { LabRecord } from '../src/model/plan.js'
import { program } from './commands/program.js'
import { kernel, withLab, worked } from './support/labs.js'
import { inside, labName, machine, run, witness } from './support/machine.js'

const one = `
nodes:
  a: { routes: { to: 10.4.0.0/16, via: b }, sysctls: { net.ipv4.ip_forward: 1 } }
  b:
links:
  - [a 10.0.0.1/24, b 10.0.0.2/24]
`
const other = one
  .replace('10.4.0.0/16', '10.5.0.0/16')
  .replace('net.ipv4.ip_forward: 1', 'net.ipv4.conf.all.rp_filter: 2')
  .replace('a 10.0.0.1/24', 'a 10.0.0.1/24 10.0.9.1/24')

const recordOf = (lab: string) => kernel.space(lab).record().record!
const save = (record: LabRecord) => kernel.space(record.lab).saveRecord(record)
const held = (lab: string) => ['a', 'b'].map(node => witness(`${lab}.${node}`))

/** As a run leaves a lab that is killed when some of `other` is done, and with it a route of somebody's is gone. */
async function halfChanged(lab: string): Promise<void> {
  const whole = recordOf(lab)
  const applied = await recordAfter(lab)
  run('ip', '-n', `${lab}.b`, 'route', 'add', '192.0.2.0/24', 'via', '10.0.0.1')
  const foreign = worked(diff({ lab }, kernel)).changes.flatMap(change =>
    change.state === 'foreign' ? [change.observed] : [],
  )
  assert.equal(foreign.length, 1)
  save({ ...applied, state: 'building', change: { before: whole, tried: [], foreign } })
  run('ip', '-n', `${lab}.a`, 'address', 'add', '10.0.9.1/24', 'dev', 'eth0')
  run('ip', '-n', `${lab}.a`, 'route', 'del', '10.4.0.0/16')
  inside(`${lab}.a`, 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=2')
  run('ip', '-n', `${lab}.b`, 'route', 'del', '192.0.2.0/24')
}

/** What the record says once the other file is applied, in a lab of that name that is gone again. */
async function recordAfter(lab: string): Promise<LabRecord> {
  const twin = `${lab}-twin`
  return withLab(source(other, { name: twin }), () => ({ ...recordOf(twin), lab }))
}

describe('a run that was killed', () => {
  for (const follow of ['up', 'down', 'gc'] as const)
    it(`and had half made a lab: ${follow} leaves nothing of it`, async () => {
      const name = labName(`half-made-${follow}`)
      const before = machine()
      const subject = source(one, { name })
      worked(await up(subject, kernel))
      const fresh = held(name)
      run('ip', '-n', `${name}.a`, 'link', 'del', 'eth0')
      unlinkSync(`/run/netns/${name}.b`)
      save({ ...recordOf(name), state: 'building' })
      assert.equal(list(kernel).find(({ lab }) => lab === name)!.state, 'building')
      if (follow === 'gc') {
        assert.deepEqual(worked(await gc(kernel, { dry: true })).labs, [{ lab: name, done: 'removed' }])
        assert.deepEqual(worked(await gc(kernel)).labs, [{ lab: name, done: 'removed' }])
      } else if (follow === 'up') {
        const result = await up(subject, kernel)
        assert.deepEqual(
          result.diagnostics.map(d => d.code),
          ['left-behind'],
        )
        assert.equal(worked(result).fresh, true)
        assert.deepEqual(held(name), fresh)
        assert.deepEqual(worked(diff(subject, kernel)).changes, [])
      }
      if (follow !== 'gc') assert.equal(worked(await down(name, kernel)).wasUp, true)
      assert.deepEqual(machine(), before)
    })

  it('and had half changed a lab: up of either file ends there, and gc where it was', async () => {
    for (const follow of ['one', 'other', 'gc'] as const) {
      const name = labName(`half-changed-${follow}`)
      await withLab(source(one, { name }), async () => {
        const before = held(name)
        await halfChanged(name)
        if (follow === 'gc') {
          assert.deepEqual(worked(await gc(kernel)).labs, [{ lab: name, done: 'restored' }])
          assert.equal(recordOf(name).state, 'up')
          assert.equal(recordOf(name).change, undefined)
        } else {
          const subject = source(follow === 'one' ? one : other, { name })
          worked(await up(subject, kernel))
          assert.deepEqual(worked(diff(subject, kernel)).differs, false)
        }
        const routes = JSON.stringify(witness(`${name}.b`))
        assert.ok(routes.includes('192.0.2.0/24'), 'what others had put there is there again')
        run('ip', '-n', `${name}.b`, 'route', 'del', '192.0.2.0/24')
        if (follow !== 'other') assert.deepEqual(held(name), before)
        else
          await withLab(source(other, { name: `${name}-fresh` }), () =>
            assert.deepEqual(withoutMacs(held(name)), withoutMacs(held(`${name}-fresh`))),
          )
      })
    }
  })

  it('again and again, with another file each time, leaves nothing stale', async () => {
    const name = labName('tried')
    await withLab(source(one, { name }), async () => {
      await halfChanged(name)
      const third = one.replace('10.4.0.0/16', '10.6.0.0/16')
      // The next run is killed before it has done anything.
      const { record } = kernel.space(name).record()
      const { source: tried } = record!
      save({
        ...record!,
        source: { ...record!.source, text: third },
        change: { ...record!.change!, tried: [{ source: tried }] },
      })
      worked(await up(source(third, { name }), kernel))
      assert.ok(!JSON.stringify(witness(`${name}.a`)).includes('10.0.9.1'), 'only the second text said so')
    })
  })

  it('while it took a lab away: the next run takes the rest', async () => {
    const name = labName('half-gone')
    const before = machine()
    const subject = source(one, { name })
    for (const follow of ['up', 'down', 'gc']) {
      worked(await up(subject, kernel))
      kernel.space(name).leave()
      for (const node of ['a', 'b']) unlinkSync(`/run/netns/${name}.${node}`)
      if (follow === 'up') assert.equal(worked(await up(subject, kernel)).fresh, true)
      if (follow === 'gc') assert.equal(worked(await gc(kernel)).labs.length, 1)
      else worked(await down(name, kernel))
      assert.deepEqual(machine(), before)
    }
  })

  it('is none while it runs: gc leaves alone what is held, what is up and what was kept', async () => {
    const [held, stands, kept] = ['held', 'stands', 'kept'].map(labName) as [string, string, string]
    for (const name of [held, stands, kept]) worked(await up(source(one, { name }), kernel))
    save({ ...recordOf(held), state: 'building' })
    save({ ...recordOf(kept), state: 'kept' })
    const lock = kernel.lock(held)
    assert.ok('release' in lock)
    assert.deepEqual(worked(await gc(kernel)).labs, [])
    writeFileSync(`/run/nstopo/${held}/lab.json.new`, 'half')
    writeFileSync(`/run/nstopo/${stands}/lab.json.new`, 'half')
    assert.deepEqual(worked(await gc(kernel)).removed, [`/run/nstopo/${stands}/lab.json.new`])
    lock.release()
    for (const name of [held, stands, kept]) assert.equal(worked(await down(name, kernel)).nodes, 2)
  })
})

describe('a damaged record', () => {
  it('is named and put aside, and neither up nor down stops at it', async () => {
    const name = labName('damaged')
    const before = machine()
    const path = `/run/nstopo/${name}/lab.json`
    const subject = source(one, { name })
    worked(await up(subject, kernel))
    const whole = readFileSync(path, 'utf8')
    for (const text of ['', whole.slice(0, 100), whole.replace(name, 'another'), whole.replace('"up"', '"asleep"')]) {
      writeFileSync(path, text)
      assert.equal(list(kernel).find(({ lab }) => lab === name)!.state, 'damaged')
      assert.deepEqual(
        diff({ lab: name }, kernel).diagnostics.map(d => d.code),
        ['record-damaged'],
      )
      const result = await up(subject, kernel)
      assert.deepEqual(
        result.diagnostics.map(d => [d.code, d.severity]),
        [['record-damaged', 'warning']],
      )
      assert.deepEqual(worked(result).operations, [])
      assert.equal(readFileSync(`${path}.damaged`, 'utf8'), text)
      assert.equal(recordOf(name).state, 'up')
    }
    writeFileSync(path, 'nonsense')
    const last = await down(name, kernel)
    assert.deepEqual(
      last.diagnostics.map(d => d.code),
      ['record-damaged'],
    )
    assert.equal(worked(last).nodes, 2)
    assert.deepEqual(machine(), before)
  })
})

describe('what nstopo did not make', () => {
  it('is never a node: a namespace that came after the lab stands in the way, and stays', async () => {
    const name = labName('later')
    await withLab(source(one, { name }), async () => {
      const before = held(name)
      run('ip', 'netns', 'add', `${name}.c`)
      const sleeper = spawn('ip', ['netns', 'exec', `${name}.c`, 'sh', '-c', 'echo up; read x'], { stdio: 'pipe' })
      await once(sleeper.stdout, 'data')
      const inode = statSync(`/run/netns/${name}.c`).ino
      worked(await up(source(one, { name }), kernel))
      const { diagnostics } = await up(source(one.replace('b:\n', 'b:\n  c:\n'), { name }), kernel)
      assert.deepEqual(
        diagnostics.filter(d => d.severity === 'error').map(d => d.code),
        ['in-the-way'],
      )
      assert.match(diagnostics.map(d => d.message).join(), new RegExp(`process ${sleeper.pid} \\(sh -c .*\\) runs`))
      assert.deepEqual(held(name), before)
      worked(await down(name, kernel))
      assert.equal(statSync(`/run/netns/${name}.c`).ino, inode)
      assert.equal(sleeper.exitCode, null)
      sleeper.stdin.end('\n')
      await once(sleeper, 'exit')
      run('ip', 'netns', 'del', `${name}.c`)
    })
  })

  it('may be the machine’s own namespace by another name: that is never taken over', async () => {
    const name = labName('attached')
    const before = machine()
    run('ip', 'netns', 'attach', `${name}.a`, `${process.pid}`)
    try {
      for (const adopt of [false, true]) {
        const { diagnostics } = await up(source(one, { name }), kernel, { adopt })
        assert.match(diagnostics.map(d => d.message).join(), /which is the machine’s own namespace, is there already/)
      }
      assert.equal(worked(diff(source(one, { name }), kernel)).up, false)
      assert.equal(worked(await down(name, kernel)).wasUp, false)
    } finally {
      run('ip', 'netns', 'del', `${name}.a`)
    }
    assert.deepEqual(machine(), before)
  })

  it('is theirs again when a run that took it over is undone', async () => {
    const name = labName('adopted-undone')
    const before = machine()
    run('ip', 'netns', 'add', `${name}.a`)
    const kept = witness(`${name}.a`)
    const bad = one.replace('b:\n', 'b: { sysctls: { net.ipv4.conf.all.rp_filter: banana } }\n')
    const { diagnostics } = await up(source(bad, { name }), kernel, { adopt: true })
    assert.deepEqual(
      diagnostics.filter(d => d.severity === 'error').map(d => d.code),
      ['kernel-refused'],
    )
    assert.deepEqual(witness(`${name}.a`), kept)
    run('ip', 'netns', 'del', `${name}.a`)
    assert.deepEqual(machine(), before)
  })
})

describe('many at once', () => {
  it('a second run names the holder, or waits as long as it is told to', async () => {
    const name = labName('busy')
    const holder = spawn('node', ['--import', 'tsx', 'test/kernel/programs/hold.ts', name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    const nstopo = (...words: string[]) =>
      spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', input: one })
    const taken = nstopo('up', '-', '--name', name)
    assert.equal(taken.status, 4)
    assert.match(taken.stderr, new RegExp(`hold\\.ts ${name} \\(process ${holder.pid}\\)`))
    assert.match(taken.stderr, /--lock-timeout 30s/)
    assert.equal(nstopo('up', '-', '--name', name, '--lock-timeout', 'soon').status, 2)
    const waiting = spawn(process.execPath, [program, 'up', '-', '--name', name, '--lock-timeout', '60s'])
    waiting.stdin.end(one)
    const waiter = once(waiting, 'exit')
    holder.kill('SIGKILL')
    assert.deepEqual(await waiter, [0, null])
    assert.equal(worked(await down(name, kernel)).nodes, 2)
    assert.ok(!existsSync(`/run/nstopo/${name}.lock`))
  })
})

/** Labs of other names have other MAC addresses. */
function withoutMacs(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item) => (/^(address|link_netns|permaddr)$/.test(key) ? undefined : item)).replace(
      /[0-9a-f]{2}(:[0-9a-f]{2}){5}/g,
      '',
    ),
  )
}
