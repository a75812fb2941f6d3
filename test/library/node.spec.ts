import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { networkInterfaces } from 'node:os'
import { type CommandError, type Lab, lab } from '../../src/index.js'

const listening = "require('net').createServer(s => s.end('hello')).listen(7, () => console.log('at 7'))"

describe('a node', () => {
  let net: Lab
  before(async () => {
    net = await lab({
      nodes: {
        h1: null,
        gw: { kind: 'router' },
        h2: null,
        box: { isolate: 'all', hostname: 'box.example', hosts: 'auto' },
      },
      links: [
        { endpoints: ['gw', 'h1'], subnet: ['10.0.1.0/24', 'fd00:1::/64'], gateway: 'gw' },
        { endpoints: ['gw', 'h2', 'box'], name: 'lan', subnet: ['10.0.2.0/24', 'fd00:2::/64'], gateway: 'gw' },
      ],
    })
  })
  after(() => net.down())

  it('runs commands, with input, variables, users and folders', async () => {
    const h1 = net.node('h1')
    assert.equal((await h1.exec('hostname')).stdout, 'h1\n')
    assert.equal((await h1.exec('cat', [], { input: 'x\ny' })).stdout, 'x\ny')
    assert.equal((await h1.exec('printenv', ['A'], { env: { A: ' $B "' } })).stdout, ' $B "\n')
    const { stdout } = await h1.exec('sh', ['-c', 'id -u; pwd'], { user: 'nobody', workdir: '/usr' })
    assert.equal(stdout, `${65534}\n/usr\n`)
  })

  it('says what a command failed with', async () => {
    const failing = net.node('h1').exec('sh', ['-c', 'echo out; echo err >&2; exit 3'])
    await assert.rejects(failing, (error: CommandError) => {
      assert.equal(error.message, 'h1: sh -c "echo out; echo err >&2; exit 3" ended with status 3\n  err\n  out')
      return error.ran.status === 3 && error.ran.stdout === 'out\n'
    })
    await assert.rejects(net.node('h1').exec('no-such'), /h1: no-such ended with status 127/)
    const { status, signal } = await net.node('h1').exec('sh', ['-c', 'kill -9 $$'], { reject: false })
    assert.deepEqual([status, signal], [137, 'SIGKILL'])
  })

  it('ends a command whose time is over, whatever it thinks of it', async () => {
    const stubborn = ['-c', "trap '' TERM; echo on; sleep 100 & wait; sleep 100"]
    await assert.rejects(net.node('h1').exec('sh', stubborn, { timeout: 50 }), /did not end within 50 ms/)
    const over = AbortSignal.abort()
    await assert.rejects(net.node('box').exec('sleep', ['100'], { signal: over }), /was aborted/)
  })

  it('is a whole host where the file says so', async () => {
    const { stdout } = await net.node('box').exec('sh', ['-c', 'hostname; echo $$; getent hosts h1'])
    assert.match(stdout, /^box\.example\n\d{1,2}\nfd00:1::2 +h1\n|^box\.example\n\d{1,2}\n10\.0\.1\.2 +h1\n/)
    const { status, signal } = await net.node('box').exec('sh', ['-c', 'kill -TERM $$'], { reject: false })
    assert.deepEqual([status, signal], [143, 'SIGTERM'])
  })

  it('runs programs that are ready when they listen, say so, or answer', async () => {
    const node = process.execPath
    for (const [name, ready] of [
      ['h2', { listen: 'tcp/7' }],
      ['h2', { log: /^at \d$/ }],
      ['box', { listen: 'tcp/7' }],
      ['box', { command: [node, '-e', "require('net').connect(7, '127.0.0.1').on('error', () => process.exit(1))"] }],
    ] as const) {
      await using program = await net.node(name).spawn(node, ['-e', listening], { ready })
      for await (const line of program.stdout) {
        assert.equal(line, 'at 7')
        break
      }
      const socket = await net.node('h1').connect('tcp', name, 7)
      assert.equal(`${(await once(socket, 'data'))[0]}`, 'hello')
      assert.deepEqual(await program.stop(), { status: 143, signal: 'SIGTERM' })
    }
  })

  it('says what a program died of before it was ready', async () => {
    const dying = net.node('h1').spawn('sh', ['-c', 'echo no config >&2; exit 4'], { ready: { listen: 'tcp/1' } })
    await assert.rejects(dying, /ended with status 4 before it was ready\n {2}no config/)
    const slow = net.node('h1').spawn('sleep', ['100'], { ready: { listen: 'tcp/1', timeout: 60 } })
    await assert.rejects(slow, /was not ready within 60 ms: nothing listens on tcp\/1/)
  })

  it('opens and takes connections for this program', async () => {
    const hello = createServer((request, response) => response.end(`${request.method} ${request.socket.remoteAddress}`))
    await net.node('h2').listen(hello, 80)
    const h1 = net.node('h1')
    assert.equal(await (await h1.fetch('http://h2/')).text(), 'GET ::ffff:10.0.1.2')
    assert.equal(await (await h1.fetch('http://[fd00:2::2]/', { method: 'PUT', body: 'x' })).text(), 'PUT fd00:1::2')
    const asked = get({ host: 'h2', agent: h1.agent() })
    const [response] = await once(asked, 'response')
    assert.equal(`${(await once(response, 'data'))[0]}`, 'GET ::ffff:10.0.1.2')
    await assert.rejects(h1.connect('tcp', 'h2', 81), /ECONNREFUSED 10\.0\.2\.2:81/)
    await assert.rejects(h1.fetch('http://h2:81/'), /fetch failed: connect ECONNREFUSED/)
    await assert.rejects(h1.connect('tcp', 'example.com', 80), /h1: nobody is called example\.com/)
  })

  it('follows redirects, and reads what is packed', async () => {
    const { gzipSync } = await import('node:zlib')
    const server = createServer((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/there' }).end()
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(`${request.method} ${request.url}`))
    })
    await net.node('h2').listen(server, 8080)
    const reply = await net.node('h1').fetch('http://h2:8080/', { method: 'POST', body: 'x' })
    assert.deepEqual([await reply.text(), reply.redirected, reply.url], ['GET /there', true, 'http://h2:8080/there'])
  })

  it('sends datagrams', async () => {
    const server = await net.node('h2').listen('udp', 53)
    server.on('message', (bytes, { port, address }) => server.send(`${bytes}!`, port, address))
    const socket = await net.node('h1').connect('udp', 'h2', 53)
    socket.send('hey')
    assert.equal(`${(await once(socket, 'message'))[0]}`, 'hey!')
  })

  it('knows hostnames, and itself', async () => {
    const server = await net.node('box').listen('tcp', 9)
    server.on('connection', socket => socket.end(`${socket.remoteAddress}`))
    for (const [from, host, seen] of [
      ['h1', 'box.example', '::ffff:10.0.1.2'],
      ['box', 'localhost', '::ffff:127.0.0.1'],
      ['box', 'box', '::ffff:127.0.0.1'],
    ] as const) {
      const socket = await net.node(from).connect('tcp', host, 9)
      assert.equal(`${(await once(socket, 'data'))[0]}`, seen)
    }
  })

  it('lets synchronous work in, and nothing that waits', () => {
    const before = networkInterfaces()
    const inside = net.node('h1').inside(() => Object.keys(networkInterfaces()))
    assert.deepEqual(inside.sort(), ['eth0', 'lo'])
    assert.deepEqual(networkInterfaces(), before)
    assert.throws(() => net.node('h1').inside(async () => 1), /does not wait/)
    const failing = () => {
      throw new Error('of its own')
    }
    assert.throws(() => net.node('h1').inside(failing), /of its own/)
    assert.deepEqual(networkInterfaces(), before)
  })
})
