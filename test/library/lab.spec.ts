import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Lab, LabError, lab } from '../../src/index.js'
import { ipJson, ipNetns } from '../support/machine.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const router = join(root, 'examples/mocha/router.yaml')
const namesOf = (net: Lab | string) =>
  ipNetns().filter(name => name.startsWith(`${typeof net === 'string' ? net : net.name}.`))

describe('lab()', () => {
  it('brings a file up under a name of its own, and takes it down with its block', async () => {
    let name: string
    {
      await using net = await lab(router)
      name = net.name
      assert.match(name, /^router-t[0-9a-z]+-[0-9a-z]+-[0-9a-z]+$/)
      assert.deepEqual([...net.nodes].sort(), ['gw', 'h1', 'h2'])
      assert.equal(namesOf(net).length, 3)
    }
    assert.deepEqual(namesOf(name), [])
  })

  it('takes objects, texts and templates', async () => {
    const nodes = { a: null, b: null }
    await using object = await lab({ name: 'pair', nodes, links: [{ endpoints: ['a', 'b'], subnet: '10.1.0.0/24' }] })
    await using text = await lab('nodes:\n  a:\n  b:\nlinks: [{ endpoints: [a, b], subnet: 10.2.0.0/24 }]\n')
    const subnet = '10.3.0.0/24'
    await using template = await lab`
      nodes: { a: , b: }
      links:
        - { endpoints: [a, b], subnet: ${subnet}, mtu: ${1400} }
    `
    assert.ok(object.name.startsWith('pair-t') && text.name.startsWith('lab-t'))
    assert.deepEqual(
      [object, text, template].map(net => net.address('b')),
      ['10.1.0.2', '10.2.0.2', '10.3.0.2'],
    )
  })

  it('has the name that is asked for where it is not to be unique, and variables', async () => {
    const name = `t${process.pid}-said`
    const topology = 'nodes: { a: , b: }\nlinks: [{ endpoints: [a, b], subnet: "${NET}" }]\n'
    await using net = await lab(topology, { name, unique: false, variables: { NET: '10.7.0.0/24' } })
    assert.equal(net.name, name)
    assert.equal(net.address('a'), '10.7.0.1')
  })

  it('says where a topology is wrong, and makes nothing', async () => {
    await assert.rejects(lab({ nodes: { a: { knd: 'router' } } }), (error: LabError) => {
      assert.ok(error instanceof LabError && error.diagnostics[0]?.code === 'unknown-key')
      return /there is no key `knd`.*did you mean `kind`/s.test(error.message)
    })
    await assert.rejects(lab('no-such.yaml'), /the topology no-such.yaml cannot be read/)
  })

  it('tells addresses as the kernel has them', async () => {
    await using net = await lab(router)
    assert.equal(net.address('h1'), '10.0.1.2')
    assert.equal(net.address('gw', { interface: 'eth1' }), '10.0.2.1')
    await net.node('h1').exec('ip', ['address', 'add', 'fd00::1/64', 'dev', 'eth0', 'nodad'])
    assert.equal(net.address('h1', { family: 6 }), 'fd00::1')
    assert.throws(() => net.address('h2', { family: 6 }), /h2 has no IPv6 address/)
    assert.throws(() => net.node('h3'), /no node h3; there is/)
  })

  it('changes in place, by a function and by another text, and is unharmed by what is wrong', async () => {
    await using net = await lab(router)
    const mtu = () => ipJson<{ mtu: number }>(`${net.name}.h1`, 'link', 'show', 'eth0')[0]!.mtu
    await net.apply(topology => {
      topology.links[0]!.mtu = 1400
    })
    assert.equal(mtu(), 1400)
    await assert.rejects(
      net.apply(topology => ({ ...topology, lnks: [] })),
      /there is no key `lnks`/,
    )
    assert.equal(mtu(), 1400)
    await net.apply(readFileSync(router, 'utf8'))
    assert.equal(mtu(), 1500)
    assert.equal(net.diff().differs, false)
  })

  it('lets go of nodes that leave, whatever this program has open in them', async () => {
    await using net = await lab(router, { capture: true })
    const server = await net.node('h2').listen('tcp', 7)
    const socket = await net.node('h1').connect('tcp', 'h2', 7)
    const closed = Promise.all([once(server, 'close'), once(socket, 'close')])
    await net.apply(({ nodes, links }) => {
      delete nodes.h2
      links.pop()
    })
    await closed
    assert.deepEqual([...net.nodes].sort(), ['gw', 'h1'])
    const links = () => ipJson<{ ifname: string }>(`${net.name}.gw`, 'link').map(({ ifname }) => ifname)
    // A cable goes with its other end, which the kernel does in its own time.
    while (links().includes('eth1')) await new Promise(resolve => setTimeout(resolve, 20))
    assert.deepEqual(links().sort(), ['eth0', 'lo'])
  })

  it('keeps what passes in its nodes, for tcpdump', async () => {
    await using net = await lab(router, { capture: true })
    await net.node('h1').exec('ping', ['-c1', '-W5', net.address('h2')])
    const folder = await net.save(join(tmpdir(), `nstopo-captured-${process.pid}`))
    const text = spawnSync('tcpdump', ['-Z', 'root', '-nr', join(folder, 'gw.pcap'), 'icmp'], {
      encoding: 'utf8',
    }).stdout
    rmSync(folder, { recursive: true })
    const [first, ...others] = text.trim().split('\n')
    assert.match(first!, /^\d\d:\d\d:\d\d\.\d{6} .* In +IP 10\.0\.1\.2 > 10\.0\.2\.2: ICMP echo request/)
    assert.equal(others.length, 3)
  })

  it('sees what somebody else changes', async () => {
    await using net = await lab(router)
    await net.node('h1').exec('ip', ['link', 'set', 'eth0', 'mtu', '1300'])
    const [change] = net.diff().changes
    assert.equal(change?.state, 'changed')
    assert.equal(net.inspect('h1').nodes[0]?.state.link.get('eth0')?.mtu, 1300)
  })

  it('explains where packets end', async () => {
    await using net = await lab(router)
    assert.equal((await net.explain('h1', 'h2')).reached, true)
    await net.node('gw').exec('sysctl', ['-qw', 'net.ipv4.ip_forward=0'])
    const { reached, text } = await net.explain('h1', 'h2')
    assert.equal(reached, false)
    assert.match(text, /^h1 → h2 ends at gw: /)
    await assert.rejects(net.explain('h1', 'h9'), /h9 is no node/)
  })

  it('keeps many apart at once', async () => {
    const labs = await Promise.all(Array.from({ length: 8 }, () => lab(router)))
    const pings = labs.map(net => net.node('h1').exec('ping', ['-c1', '-W5', net.address('h2')]))
    assert.equal((await Promise.all(pings)).length, 8)
    await Promise.all(labs.map(net => net.down()))
    assert.deepEqual(labs.flatMap(namesOf), [])
  })

  it('writes down what a failed test leaves to look at', async () => {
    await using net = await lab(router)
    await net.node('h1').exec('echo', ['said'])
    const folder = await net.save(join(tmpdir(), `nstopo-saved-${process.pid}`))
    assert.equal(readFileSync(join(folder, 'programs.txt'), 'utf8'), '== h1: echo said\nsaid\n\n')
    assert.match(readFileSync(join(folder, 'diff.txt'), 'utf8'), /no differences/)
    rmSync(folder, { recursive: true })
  })
})

describe('a program that has a lab', () => {
  const text = `import { lab } from 'nstopo'; const net = await lab('${router}'); console.log(net.name)`
  const start = (more: string) => ['--input-type=module', '-e', `${text}; ${more}`]

  it('takes it along when it ends, whichever way', () => {
    const killed = "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"
    for (const way of ['', 'process.exit(3)', "throw new Error('x')", killed]) {
      const { stdout, status, signal } = spawnSync(process.execPath, start(way), { cwd: root, encoding: 'utf8' })
      assert.deepEqual(namesOf(stdout.trim()), [], way)
      assert.ok(stdout !== '' && (way === '' ? status === 0 : status !== 0 || signal === 'SIGTERM'), way)
    }
  })

  it('leaves it when it is killed, and the next one takes it away', async () => {
    const child = spawn(process.execPath, start('setInterval(() => {}, 1000)'), { cwd: root })
    const [name] = (await once(child.stdout, 'data')).map(bytes => `${bytes}`.trim())
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(namesOf(name!).length, 3)
    spawnSync(process.execPath, start('await net.down()'), { cwd: root })
    assert.deepEqual(namesOf(name!), [])
  })

  it('may be a worker thread, and then closes nothing that is another’s', () => {
    const inside = `require('nstopo').lab('${router}', { capture: true }).then(async net => {
      await net.node('h1').exec('true')
      await net.down()
    })`
    const outside = `new (require('worker_threads').Worker)(${JSON.stringify(inside)}, { eval: true })`
    const { status, stderr } = spawnSync(process.execPath, ['-e', outside], { cwd: root, encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''])
  })

  it('may be CommonJS', () => {
    const cjs = `const { lab, up } = require('nstopo'); console.log(typeof lab, typeof up)`
    assert.equal(
      spawnSync(process.execPath, ['-e', cjs], { cwd: root, encoding: 'utf8' }).stdout,
      'function function\n',
    )
  })
})
