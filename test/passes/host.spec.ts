/** What a node says of being a whole host, as it is resolved and lowered: defaults, inheritance, what follows from what. */
import assert from 'node:assert/strict'
import type { FileFound } from '../../src/model/document.js'
import type { HostEntry } from '../../src/model/network.js'
import type { Process } from '../../src/model/state.js'
import { compile } from '../../src/pipeline/compile.js'

type Look = (path: string, use: 'bind' | 'copy') => FileFound

function compiled(text: string, files?: Look) {
  const source = { text: `${text}\nlinks: [[a, b]]`, label: 'lab.yaml', path: '/labs/lab.yaml', name: 'lab' }
  return compile({ ...source, variables: {}, environment: {}, ...(files ? { files } : {}) })
}

function hostOf(text: string, files?: Look): HostEntry | undefined {
  const { value, diagnostics } = compiled(text, files)
  assert.ok(value, diagnostics.map(({ message }) => message).join())
  return value.network.nodes[0]!.host
}

function contentOf(text: string, path: string): string | undefined {
  const file = hostOf(text)!.files.find(one => one.path === path)
  return file?.kind === 'content' ? file.content : undefined
}

describe('a node as a host', () => {
  it('is none when nothing of it is said, or only what is empty', () => {
    assert.equal(hostOf('nodes: { a: {}, b: {} }'), undefined)
    assert.equal(hostOf('nodes: { a: { files: {}, isolate: [], hosts: false }, b: {} }'), undefined)
    assert.equal(hostOf('defaults: { node: { isolate: all } }\nnodes: { a: { isolate: null }, b: {} }'), undefined)
  })

  it('has what follows from its other keys', () => {
    const kinds = (keys: string) => hostOf(`nodes: { a: { ${keys} }, b: {} }`)!.isolate.join()
    assert.equal(kinds('hostname: a.example'), '')
    assert.equal(kinds('isolate: pid'), 'mount,pid')
    assert.equal(kinds('limits: { pids: 10 }'), 'cgroup')
    assert.equal(kinds('hosts: auto'), 'mount')
    assert.equal(kinds('time: { boottime: 1s }'), 'time')
    assert.equal(kinds('isolate: all'), 'mount,pid,ipc,cgroup')
    assert.equal(kinds('isolate: all, users: { map: "0 1 1" }, time: {boottime: 1s}'), 'mount,pid,ipc,user,cgroup,time')
  })

  it('is a host with a process alone, and what it does not say is usual', () => {
    const host = hostOf('nodes: { a: { processes: { p: { command: [sleep, 1] } } }, b: {} }')!
    const at = ['nodes', 'a', 'processes', 'p']
    const usual = { needs: [], restart: 'no', environment: {}, stop: { signal: 'TERM', grace: 5 }, log: 1048576 }
    assert.deepEqual(host, {
      ...{ hostname: 'a', isolate: [], environment: {}, files: [], at: ['nodes', 'a'] },
      processes: [{ name: 'p', command: ['sleep', '1'], ...usual, at }],
    })
  })

  it('inherits key by key', () => {
    const host = hostOf(`
defaults: { node: { environment: { A: "${'${node}'}", B: b }, limits: { pids: 10 } } }
groups:
  g:
    isolate: pid
    processes:
      p: { command: [one], environment: { C: c }, needs: q }
      q: { command: [two], ready: { after: 2s } }
      r: { command: [three] }
nodes:
  a:
    group: g
    isolate+: ipc
    limits: { memory: 1.5mb, cpu: 25% }
    environment: { B: null }
    processes: { p: { restart: always }, r: null }
  b: {}`)!
    assert.deepEqual(host.environment, { A: 'a' })
    assert.deepEqual(host.limits, { memory: 1572864, cpu: 0.25, pids: 10 })
    assert.deepEqual(host.isolate, ['mount', 'pid', 'ipc', 'cgroup'])
    assert.deepEqual(
      host.processes.map(({ name, command, environment, restart }) => ({ name, command, environment, restart })),
      [
        { name: 'p', command: ['one'], environment: { A: 'a', C: 'c' }, restart: 'always' },
        { name: 'q', command: ['two'], environment: { A: 'a' }, restart: 'no' },
      ],
    )
    assert.deepEqual(host.processes[0]!.needs, [{ node: 'a', process: 'q' }])
    assert.deepEqual(host.processes[1]!.ready, { by: 'after', seconds: 2, timeout: 32 })
  })

  it('reads clocks, ids and permissions', () => {
    const host = hostOf(`nodes:
  a:
    time: { monotonic: 1d12h, boottime: -1.5s }
    users: { map: ["0 100000 10", "10 5 1"] }
    files: { /x: { content: "", mode: 0640 } }
  b: {}`)!
    assert.deepEqual(host.time, { monotonic: 129600, boottime: -1.5 })
    const ranges = [
      { inside: 0, outside: 100000, count: 10 },
      { inside: 10, outside: 5, count: 1 },
    ]
    assert.deepEqual(host.users, { uids: ranges, gids: ranges })
    assert.equal(host.files[0]!.mode, 0o640)
  })

  it('knows the lab by name, and further names', () => {
    const text = `nodes:
  a: { hostname: a.example, hosts: { printer: [10.9.0.1, "fd00::9"] } }
  b: { interfaces: { lo: { addresses: [10.1.0.1/32, 127.0.0.2/8] } } }
addressing: { links: 10.0.0.0/24 }
ipv6: false`
    const lines = [
      ...['127.0.0.1 localhost', '::1 localhost ip6-localhost ip6-loopback', '10.0.0.0 a.example a'],
      ...['10.1.0.1 b', '10.0.0.1 b', '10.9.0.1 printer', 'fd00::9 printer'],
    ]
    assert.equal(contentOf(text, '/etc/hosts'), `${lines.join('\n')}\n`)
    assert.match(contentOf('nodes: { a: { hosts: auto }, b: {} }', '/etc/hosts')!, /\n127\.0\.1\.1 a\n$/)
  })

  it('asks resolvers', () => {
    const text = 'nodes: { a: { dns: { servers: [10.0.0.53, "FD00::0"], search: [example, x.example] } }, b: {} }'
    assert.equal(
      contentOf(text, '/etc/resolv.conf'),
      'nameserver 10.0.0.53\nnameserver fd00::\nsearch example x.example\n',
    )
  })

  it('has folders before what stands in them, relative to the topology’s file', () => {
    const text = `nodes:
  a: { files: { /var/log/x: { from: "../${'${node}'}/x", copy: true }, /var/log: { tmpfs: 16mb }, /etc/x: { from: /y } } }
  b: {}`
    const asked: string[] = []
    const host = hostOf(text, (path, use) => {
      asked.push(`${use} ${path}`)
      return { digest: 'd' }
    })!
    assert.deepEqual(asked, ['copy /a/x', 'bind /y'])
    assert.deepEqual(
      host.files.map(({ at, ...file }) => file),
      [
        { path: '/etc/x', kind: 'bind', from: '/y' },
        { path: '/var/log', kind: 'tmpfs', size: 16777216 },
        { path: '/var/log/x', kind: 'copy', from: '/a/x', digest: 'd' },
      ],
    )
  })

  it('says where a file is named that is not there', () => {
    const { diagnostics } = compiled('nodes: { a: { files: { /x: { from: ./y } } }, b: {} }', () => ({
      problem: 'is not there',
    }))
    const at = { path: ['nodes', 'a', 'files', '/x', 'from'] }
    assert.deepEqual(diagnostics, [{ code: 'not-found', severity: 'error', message: '/labs/y is not there', at }])
  })

  it('bears a long chain of needs, and says where one is too long', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, i) => `p${i}: { command: [x], needs: [${i + 1 < length ? `p${i + 1}` : ''}] }`).join()
    assert.ok(compiled(`nodes: { a: { processes: { ${chain(900)} } }, b: {} }`).value)
    const { diagnostics } = compiled(`nodes: { a: { processes: { ${chain(5000)} } }, b: {} }`)
    assert.match(diagnostics[0]!.message, /waits for over 1000 others/)
  })

  it('starts programs anew for their files, but not for names', () => {
    const filesOf = (keys: string) => {
      const { value } = compiled(`nodes: { a: { ${keys}, processes: { p: { command: [x] } } }, b: {} }`)
      return (value!.state.get('a')!.process.get('p') as Process).files
    }
    const one = filesOf('files: { /x: { content: one } }')
    assert.notEqual(one, filesOf('files: { /x: { content: two } }'))
    assert.equal(one, filesOf('files: { /x: { content: one } }, hosts: auto, dns: { servers: 10.0.0.1 }, hostname: z'))
  })
})
