import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../support/until.js'
import { inFolder, inFolderAsync, json, labName, nstopo, program, root } from './program.js'

/** A web server, and a resolver that says the same to every question. */
const server = `require('node:http').createServer((q, a) => { a.statusCode = q.url === '/' ? 200 : 404; a.end('hello from ' + q.headers.host) }).listen(80)
const dns = require('node:dgram').createSocket('udp4').on('message', (q, from) => {
  const head = Buffer.from(q); head[2] |= 128; head.writeUInt16BE(1, 6)
  dns.send(Buffer.concat([head, Buffer.from([192, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 2, 2])]), from.port, from.address)
}).bind(53)`

const topology = (name: string) => `name: ${name}
nodes:
  h1: { dns: { servers: [10.0.2.2] } }
  r1: { kind: router, routes: [{ to: 10.0.9.0/24, type: blackhole }] }
  h2:
    interfaces: { lo: { addresses: 10.0.9.1/32 } }
    processes: { server: { command: [${process.execPath}, -e, ${JSON.stringify(server)}], ready: { listen: udp/53 } } }
links:
  - { endpoints: [h1, r1], subnet: [10.0.1.0/24, "fd01::/64"], gateway: r1 }
  - { endpoints: [r1, h2], subnet: [10.0.2.0/24, "fd02::/64"], gateway: r1, mtu: 1400 }
`

const good = `tests:
  - reach: { from: all, to: [h1, r1, h2] }
  - unreachable: { from: h1, to: "h2:lo" }
  - path: { from: h1, to: h2, via: r1 }
  - tcp: { from: h1, to: "h2:80" }
  - http: { from: h1, to: h2, body: "/^hello from h2$/" }
  - http: { from: h1, to: "10.0.2.2:80", path: /nothing, status: 404 }
  - dns: { from: h1, name: web.example, answer: 10.0.2.2 }
  - throughput: { from: h1, to: h2, atLeast: 1mbit }
  - mtu: { from: h1, to: h2, is: 1400 }
  - run: { in: [h1, h2], command: [ip, -br, link], output: eth0 }
`

const bad = `tests:
  - reach: { from: h1, to: "h2:lo", within: 100ms }
  - unreachable: { from: h1, to: h2, within: 100ms }
  - path: { from: h1, to: h2, via: [r1, r1], within: 100ms }
  - tcp: { from: h1, to: "h2:81", within: 100ms }
  - http: { from: h1, to: h2, status: 201, within: 100ms }
  - dns: { from: h1, name: web.example, answer: 10.0.2.3, within: 100ms }
  - throughput: { from: h1, to: h2, atLeast: 99999gbit, within: 100ms }
  - mtu: { from: h1, to: h2, is: 1500, within: 100ms }
  - run: { in: h1, command: ["false"], within: 3s }
`

describe('commands: test', () => {
  it('brings the lab up under a name of its own, finds all true, and takes it away', () =>
    inFolder({ 'lab.yaml': topology(labName('good')) + good }, folder => {
      const { result, status } = json('test', ['lab.yaml'], folder)
      const untrue = result.tests.filter(({ ok }) => !ok)
      assert.deepEqual([untrue, status], [[], 0])
      assert.deepEqual([result.tests.length, result.lab.startsWith(labName('good'))], [10, true])
      assert.ok(!nstopo(['ls', '-q']).stdout.includes(labName('good')))
    }))

  it('is true in each family that both ends speak, or in the one that it names', () => {
    const only4 = `for (const port of [80, 81]) require('node:http').createServer((q, a) => a.end('hello')).listen(port, port === 80 ? '0.0.0.0' : '::')
require('node:dgram').createSocket('udp4').bind(53)`
    const tests = `tests:
  - tcp: { from: h1, to: "h2:80", within: 100ms }
  - tcp: { from: h1, to: "h2:80", family: ipv4 }
  - tcp: { from: h1, to: "h2:80", family: ipv6, within: 100ms }
  - tcp: { from: h1, to: "h2:81" }
  - http: { from: h1, to: h2, within: 100ms }
  - http: { from: h1, to: h2, family: ipv4, body: hello }
  - http: { from: h1, to: "h2:81", body: hello }
  - reach: { from: h1, to: "h2:lo", family: ipv6, within: 100ms }
  - mtu: { from: h1, to: h2, family: ipv6, is: 1400 }
  - throughput: { from: h1, to: h2, family: ipv6, atLeast: 1mbit }
`
    const lab = topology(labName('families')).replace(JSON.stringify(server), JSON.stringify(only4))
    return inFolder({ 'lab.yaml': lab + tests }, folder => {
      const { result } = json('test', ['lab.yaml'], folder)
      assert.deepEqual(
        result.tests.filter(({ ok }) => !ok).map(({ name, failures }) => [name, failures[0]?.text]),
        [
          ['tcp: h1 → h2:80', 'fd02::2: connection refused'],
          ['tcp: h1 → h2:80 over IPv6', 'fd02::2: connection refused'],
          ['http: h1 → h2:80/', 'fd02::2: connection refused'],
          ['reach: h1 → h2:lo over IPv6', 'h1 and h2:lo have no IPv6 addresses'],
        ],
      )
    })
  })

  for (const name of ['policy-routing', 'web'])
    it(`finds true what ${name}.yaml says`, () => {
      const { stdout, stderr, status } = nstopo(['test', `topologies/${name}.yaml`], { cwd: root })
      assert.deepEqual([status, stderr], [0, ''], stdout)
    })

  it('says what is not true and why, in every form', () =>
    inFolder({ 'lab.yaml': topology(labName('bad')) + bad }, folder => {
      const lab = labName('bad')
      assert.equal(nstopo(['up', 'lab.yaml'], { cwd: folder }).status, 0)
      try {
        const { stdout, status } = nstopo(['test', lab, '--junit', 'report.xml'], { cwd: folder })
        assert.equal(status, 1)
        for (const line of [
          'h1 → h2:lo ends at r1: the route to 10.0.9.0/24 in table main says blackhole (line 4)',
          'h1 → h2: 10.0.2.2 answers, by h1 → r1 → h2',
          'h1 → h2: the way is h1 → r1 → h2',
          'h1 → h2 port 81: 10.0.2.2: connection refused; fd02::2: connection refused',
          'h1 → h2 port 80: the answer has status 200, not 201',
          'h1 asks for web.example: 10.0.2.2 answers 10.0.2.2, not 10.0.2.3',
          'go through, not 100000gbit',
          'h1 → h2 ends at r1: r1:eth1 takes 1400 bytes at most, not 1500 (line 10)',
          'h1: false ends with status 1, not 0',
        ])
          assert.ok(stdout.includes(line), `${line}\n${stdout}`)
        const report = readFileSync(join(folder, 'report.xml'), 'utf8')
        assert.match(report, /<testsuites tests="9" failures="9"/)
        assert.match(
          report,
          /<testcase name="tcp: h1 → h2:81" [^>]*line="\d+"[^>]*><failure message="h1 → h2 port 81: /,
        )
        assert.equal(nstopo(['ls', '-q']).stdout.includes(lab), true)
      } finally {
        nstopo(['down', lab])
      }
    }))

  it('takes everything along when it is killed', async () => {
    const lab = labName('killed')
    const command = `[${process.execPath}, -e, "setInterval(() => {}, 1000)", ${lab}]`
    const file = `name: ${lab}
nodes: { a: { processes: { one: { command: ${command} } } }, b: {} }
links: [[a:eth0 10.0.0.1/24, b:eth0 10.0.0.2/24]]
tests: [{ unreachable: { from: a, to: b, within: 60s } }]
`
    const child = spawn(process.execPath, [program, 'test', '-'], { stdio: ['pipe', 'ignore', 'ignore'] })
    child.stdin.end(file)
    const ended = new Promise(resolve => child.on('close', resolve))
    while (!processesWith(lab).some(words => words.includes('setInterval'))) await sleep(20)
    child.kill('SIGKILL')
    await ended
    while (processesWith(lab).length > 0) await sleep(20)
    assert.ok(!nstopo(['ls', '-q']).stdout.includes(lab))
  })

  it('prints the Test Anything Protocol', () =>
    inFolder(
      {
        'lab.yaml': `${topology(labName('tap'))}tests: [{ tcp: { from: h1, to: ["h2:80", "h2:81"], within: 10ms } }]\n`,
      },
      folder => {
        const { stdout, status } = nstopo(['test', 'lab.yaml', '--tap'], { cwd: folder })
        assert.equal(status, 1)
        assert.match(stdout, /^TAP version 14\n1\.\.1\nnot ok 1 - tcp: h1 → h2:80, h2:81\n {2}---\n {2}message: \|\n/)
        assert.match(stdout, /at: "lab\.yaml:\d+:\d+"\n/)
      },
    ))

  it('says when there is nothing to test, or the file is wrong, and leaves nothing', () =>
    inFolder(
      { 'lab.yaml': topology(labName('none')), 'wrong.yaml': 'tests: [{ reach: { from: a, to: b } }]' },
      folder => {
        const none = nstopo(['test', 'lab.yaml'], { cwd: folder })
        assert.deepEqual([none.status, /has no tests/.test(none.stderr)], [2, true])
        const wrong = nstopo(['test', 'wrong.yaml'], { cwd: folder })
        assert.deepEqual([wrong.status, /there is no node `a`/.test(wrong.stderr)], [2, true])
        assert.ok(!nstopo(['ls', '-q']).stdout.includes(labName('none')))
      },
    ))

  it('tests again when the file changes, until it is interrupted', async () => {
    const name = labName('watch')
    const text = (within: string) => `${topology(name)}tests: [{ tcp: { from: h1, to: "h2:81", within: ${within} } }]\n`
    const { done, seen } = await inFolderWatching(text)
    assert.deepEqual([seen, done], [2, 1])
    assert.ok(!nstopo(['ls', '-q']).stdout.includes(name))
  })

  it('tests again when the file was changed while it tested', () =>
    inFolderAsync(async folder => {
      const [file, begun, go] = ['lab.yaml', 'begun', 'go'].map(name => join(folder, name)) as [string, string, string]
      const patient = `touch ${begun}; until [ -e ${go} ]; do sleep 0.01; done`
      const text = (command: string) =>
        `${topology(labName('saved'))}tests: [{ run: { in: h1, command: ${command} } }]\n`
      writeFileSync(file, text(`[sh, -c, "${patient}"], within: 10m`))
      const child = spawn(process.execPath, [program, 'test', '--watch', file], { stdio: ['ignore', 'pipe', 'ignore'] })
      let said = ''
      child.stdout.setEncoding('utf8').on('data', piece => {
        said += piece
      })
      const ended = once(child, 'close')
      try {
        await until('it tests', () => existsSync(begun))
        writeFileSync(file, text('["true"]'))
        writeFileSync(go, '')
        await until('it tests again', () => said.includes('run: true in h1'))
      } finally {
        child.kill('SIGINT')
        await ended
      }
    }))
})

/** Command lines that name the lab. */
function processesWith(lab: string): readonly string[] {
  const text = (pid: string, name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8')
    } catch {
      return ''
    }
  }
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return pids.map(pid => text(pid, 'cmdline')).filter(words => words.includes(lab))
}

/** Starts it, changes the file when the first round is told, and interrupts it after the second. */
async function inFolderWatching(
  text: (within: string) => string,
): Promise<{ readonly done: number | null; readonly seen: number }> {
  return inFolderAsync(async folder => {
    const file = join(folder, 'lab.yaml')
    writeFileSync(file, text('10ms'))
    const child = spawn(process.execPath, [program, 'test', '--watch', 'lab.yaml'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let seen = 0
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      for (const _ of piece.matchAll(/1 test in /g)) {
        seen++
        if (seen === 1) writeFileSync(file, text('20ms'))
        else child.kill('SIGINT')
      }
    })
    const done = await new Promise<number | null>(resolve => child.on('close', resolve))
    return { done, seen }
  })
}
