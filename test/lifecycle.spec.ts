/** A lab's life: adopted, planned and saved, grown, taken down from what was recorded. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { applyPlan, diff, down, inspect, labOf, list, plan, source, up } from '../src/index.js'
import { compile } from '../src/pipeline.js'
import { planScript } from '../src/render/script.js'
import { kernel, withLab, worked } from './support/labs.js'
import { inside, ipJson, labName, machine, run, witness } from './support/machine.js'

const cable = 'nodes: { a: {}, b: {} }\nlinks:\n  - [a 10.0.0.1/24, b 10.0.0.2/24]\n'

function ring(...names: string[]): string {
  const links = names.map((name, i) => `  - [${name}, ${names[(i + 1) % names.length]}]`)
  return [
    'addressing: { links: 10.128.0.0/16, loopbacks: 10.255.0.0/24 }\nrouting: shortest-path\ndefaults: { node: { kind: router } }\nnodes:',
    ...names.map(name => `  ${name}:`),
    'links:',
    ...links,
    '',
  ].join('\n')
}

describe('a lab’s life', () => {
  it('a lab of the printed script is taken over with --adopt, and is ours from then on', async () => {
    const name = labName('adopted')
    const before = machine()
    const subject = source(cable, { name })
    const { status, stderr } = spawnSync('sh', {
      input: planScript(worked(plan(subject, kernel)).plan),
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    try {
      assert.deepEqual(
        (await up(subject, kernel)).diagnostics.map(d => d.code),
        ['in-the-way'],
      )
      assert.deepEqual(worked(await up(subject, kernel, { adopt: true })).operations, [])
      worked(await up(source(cable.replace('10.0.0.1/24', '10.0.0.3/24'), { name }), kernel))
      assert.equal(inside(`${name}.b`, 'ping', '-c1', '-W5', '10.0.0.3').includes(' 0% packet loss'), true)
    } finally {
      assert.equal(worked(await down(name, kernel)).wasUp, true)
    }
    assert.deepEqual(machine(), before)
  })

  it('a saved plan is run as it was, and refused when the kernel has moved on', async () => {
    const name = labName('saved')
    const subject = source(cable, { name })
    const saved = JSON.parse(JSON.stringify(worked(plan(subject, kernel)).plan))
    try {
      assert.equal(worked(await applyPlan(subject, saved, kernel)).fresh, true)
      const wider = source(cable.replace('b: {}', 'b: { routes: { to: 10.9.0.0/16, via: a } }'), { name })
      const next = JSON.parse(JSON.stringify(worked(plan(wider, kernel)).plan))
      run('ip', '-n', `${name}.b`, 'address', 'add', '10.7.0.1/24', 'dev', 'eth0')
      assert.deepEqual(
        (await applyPlan(wider, next, kernel)).diagnostics.map(d => d.code),
        ['plan-outdated'],
      )
      run('ip', '-n', `${name}.b`, 'address', 'del', '10.7.0.1/24', 'dev', 'eth0')
      assert.deepEqual(
        (await applyPlan(subject, next, kernel)).diagnostics.map(d => d.code),
        ['plan-outdated'],
        'another file',
      )
      assert.equal(worked(await applyPlan(wider, next, kernel)).operations.length, 1)
    } finally {
      await down(name, kernel)
    }
  })

  it('segments and loopbacks keep their addresses when others come and go', async () => {
    const name = labName('grows')
    const addresses = (node: string) =>
      ipJson<{ ifname: string; addr_info: { local: string; scope: string }[] }>(`${name}.${node}`, 'address')
        .flatMap(link => link.addr_info.filter(a => a.scope === 'global').map(a => `${link.ifname} ${a.local}`))
        .sort()
    await withLab(source(ring('a', 'b', 'c'), { name }), async () => {
      const before = addresses('b')
      worked(await up(source(`${ring('new', 'a', 'b', 'c')}  - [a, c]\n`, { name }), kernel))
      const kept = addresses('b')
      assert.deepEqual(kept, before)
      worked(await up(source(ring('a', 'b', 'c'), { name }), kernel))
      assert.deepEqual(addresses('b'), before)
      assert.deepEqual(worked(diff({ lab: name }, kernel)).changes, [])
    })
  })

  it('names that shift are told', async () => {
    const name = labName('shift')
    await withLab(source('nodes: { a: {}, b: {}, c: {} }\nlinks:\n  - [a, b]\n', { name }), async () => {
      const { diagnostics } = plan(
        source('nodes: { a: {}, b: {}, c: {} }\nlinks:\n  - [a, c]\n  - [a, b]\n', { name }),
        kernel,
      )
      assert.deepEqual(
        diagnostics.map(d => d.code),
        ['names-shift'],
      )
      assert.match(diagnostics[0]!.message, /a:eth0 led to b in the running lab and now leads to c; eth1 does that now/)
    })
  })

  it('down works from the record: the file may be another by then', async () => {
    const name = labName('recorded')
    const before = machine()
    const path = `/nowhere/${name}.yaml`
    worked(await up(source(cable, { name, path }), kernel))
    assert.equal(labOf(source('nodes: {', { path }), kernel), name)
    assert.equal(worked(diff({ lab: name }, kernel)).differs, false)
    assert.ok(list(kernel).some(status => status.lab === name && status.state === 'up' && status.nodes === 2))
    assert.equal(worked(await down(name, kernel)).nodes, 2)
    assert.equal(worked(await down(name, kernel)).wasUp, false)
    assert.deepEqual(machine(), before)
  })

  it('variables mean later what they meant when they were applied', async () => {
    const name = labName('variables')
    const text = cable.replace('a 10.0.0.1/24', '"a ${ADDRESS}/24"')
    await withLab(source(text, { name, variables: { ADDRESS: '10.0.0.9' } }), () => {
      assert.equal(worked(diff({ lab: name }, kernel)).differs, false)
      assert.equal(worked(diff(source(text, { name, variables: { ADDRESS: '10.0.0.8' } }), kernel)).differs, true)
    })
  })

  it('inspect shows what ip shows', async () => {
    const name = labName('inspected')
    await withLab(source(cable, { name }), () => {
      const [a] = worked(inspect(name, kernel, ['a'])).nodes
      const eth0 = a!.state.link.get('eth0')!
      const [shown] = ipJson<{ ifindex: number; address: string; mtu: number }>(
        `${name}.a`,
        'link',
        'show',
        'dev',
        'eth0',
      )
      assert.deepEqual(
        [eth0.index, eth0.mac, eth0.mtu, eth0.peer],
        [shown!.ifindex, shown!.address, shown!.mtu, { node: 'b', name: 'eth0' }],
      )
    })
  })

  it('a node that somebody deleted with `ip netns del` is made again', async () => {
    const name = labName('deleted')
    await withLab(source(cable, { name }), async () => {
      const held = ['a', 'b'].map(node => witness(`${name}.${node}`))
      run('ip', 'netns', 'del', `${name}.a`)
      worked(await up(source(cable, { name }), kernel))
      assert.deepEqual(
        ['a', 'b'].map(node => witness(`${name}.${node}`)),
        held,
      )
    })
  })

  it('a mount namespace of its own, of which nobody else would see anything, is refused', () => {
    const name = labName('apart')
    const before = machine()
    const { status, stderr } = spawnSync(
      'unshare',
      ['-m', process.execPath, 'dist/nstopo.cjs', 'up', '--name', name, 'topologies/two-hosts.yaml'],
      { encoding: 'utf8' },
    )
    assert.equal(status, 2)
    assert.match(stderr, /mount namespace of its own/)
    assert.deepEqual(machine(), before)
  })

  it('a file that did not make the running lab is told so by diff too', async () => {
    const name = labName('owner')
    await withLab(source(cable, { name, path: '/one.yaml' }), () => {
      const result = diff(source(cable, { name, path: '/two.yaml' }), kernel)
      assert.deepEqual(
        result.diagnostics.map(d => [d.code, d.severity]),
        [['other-file', 'warning']],
      )
    })
  })

  it('two labs of one file stand side by side, and going down touches one alone', async () => {
    const [one, two] = [labName('one'), labName('two')]
    await withLab(source(cable, { name: one }), async () => {
      await withLab(source(cable, { name: two }), () => {
        const macs = [one, two].map(
          lab => compile(source(cable, { name: lab })).value!.network.nodes[0]!.interfaces[1]!.mac,
        )
        assert.notEqual(macs[0], macs[1])
      })
      const held = witness(`${one}.a`)
      assert.ok(JSON.stringify(held).includes('10.0.0.1'))
      inside(`${one}.a`, 'ping', '-c1', '-W5', '10.0.0.2')
    })
  })
})
