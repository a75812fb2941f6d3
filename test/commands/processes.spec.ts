import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { json, labName, nstopo, program } from './program.js'

const file = (lab: string) => `
name: ${lab}
nodes:
  web:
    isolate: [pid]
    limits: { memory: 256mb, pids: 200 }
    processes:
      first: { command: [sh, -c, "echo one; echo two >&2; exec sleep 600"], ready: { log: two } }
      second: { command: [sleep, "600"], needs: [first] }
      once: { command: [sh, -c, exit 0] }
      chatter: { command: [sh, -c, "n=0; while :; do echo $((n+=1)) ${'x'.repeat(200)}; sleep 0.002; done"], log: 64kb }
      choosy: { command: [sh, -c, "[ ! -e $PIPE ] || { echo not today; exit 3; }; echo fine; exec sleep 600"], environment: { PIPE: /tmp/${lab} }, ready: { log: fine, timeout: 20s } }
  plain: {}
links: [[web, plain]]
`

describe('commands: ps, logs, start, stop, restart', () => {
  const lab = labName('ps')
  const run = (...words: readonly string[]) => nstopo(words)
  const states = () => {
    const { result } = json('ps', [lab, 'web'], '/')
    return Object.fromEntries(result.nodes[0]!.processes.map(({ process, state }) => [process, state]))
  }
  const pidOf = (name: string) =>
    json('ps', [lab, 'web'], '/').result.nodes[0]!.processes.find(({ process }) => process === name)!.pid

  before(() => {
    const { status, stderr } = nstopo(['up', '-'], { input: file(lab) })
    assert.deepEqual([status, stderr], [0, ''])
  })
  after(() => {
    run('down', lab)
  })

  it('ps tells how the processes of the file are, and what else runs there', async () => {
    const running = { first: 'ready', second: 'running', chatter: 'running', choosy: 'ready' }
    while (states().once !== 'exited') await sleep(20)
    assert.deepEqual(states(), { ...running, once: 'exited' })
    const child = spawn(process.execPath, [program, 'exec', lab, 'plain', '--', 'sleep', '601'], { stdio: 'ignore' })
    const others = () => json('ps', [lab], '/').result.nodes.find(({ node }) => node === 'plain')!.others
    while (!others().some(({ command }) => command === 'sleep 601')) await sleep(20)
    assert.match(run('ps', lab).stdout, /^plain +\d+ +sleep 601$/m)
    assert.match(run('ps', lab, 'web').stdout, /^web +first +ready +\d+ +\d+ s +sh -c echo one/m)
    child.kill()
    await once(child, 'exit')
  })

  it('inspect shows the host, the programs of the file, and what is used of the limits', () => {
    const [web] = json('inspect', [lab, '-n', 'web'], '/').result.nodes
    assert.deepEqual([web!.host?.hostname, web!.host?.isolate], ['web', ['mount', 'pid', 'cgroup']])
    assert.equal(web!.programs?.find(({ name }) => name === 'first')?.seen?.state, 'ready')
    assert.ok(web!.usage!.memory! > 4096 && web!.usage!.pids! >= 5, JSON.stringify(web!.usage))
    assert.match(run('inspect', lab, '-n', 'web').stdout, /uses memory [\d.]+ [KM]iB, \d+ processes and threads/)
  })

  it('logs prints what they wrote, each line named where there are several', () => {
    assert.equal(run('logs', lab, 'web:first').stdout, 'one\ntwo\n')
    assert.equal(run('logs', lab, 'web:first', '--tail', '1').stdout, 'two\n')
    const { stdout } = run('logs', lab, 'web', '--tail', '2')
    assert.match(stdout, /^web:first +\| one\nweb:first +\| two$/m)
    assert.match(stdout, /^web:choosy +\| fine$/m)
    const { result } = json('logs', [lab, 'web:first'], '/')
    assert.deepEqual(result.processes, [{ node: 'web', process: 'first', lines: ['one', 'two'] }])
    assert.match(run('logs', lab, 'web:third').stderr, /web has no process third.*\n.*it has .*first/)
    assert.match(run('logs', lab, 'plain').stderr, /plain has no processes/)
  })

  it('logs --follow misses no line when the log is begun anew, and ends quietly with Ctrl-C', async () => {
    const words = [program, 'logs', lab, 'web:chatter', '--follow', '--tail', '0']
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let [text, wrong] = ['', '']
    child.stdout.setEncoding('utf8').on('data', piece => {
      text += piece
    })
    child.stderr.setEncoding('utf8').on('data', piece => {
      wrong += piece
    })
    // More than is kept.
    while (text.length < 100_000) await once(child.stdout, 'data')
    child.kill('SIGINT')
    assert.deepEqual([await once(child, 'exit'), wrong], [[0, null], ''])
    const numbers = text
      .split('\n')
      .slice(1, -2)
      .map(line => Number(line.split(' ')[0]))
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => numbers[0]! + index),
    )
  })

  it('stop, start and restart do so, and say what did not become ready', () => {
    const before = pidOf('second')
    assert.match(run('stop', lab, 'web:second').stdout, /^web +second +stopped/m)
    assert.equal(states().second, 'stopped')
    assert.equal(run('diff', lab).status, 1)
    const { result } = json('start', [lab, 'web:second'], '/')
    assert.deepEqual(
      result.processes.map(({ state }) => state),
      ['running'],
    )
    assert.notEqual(pidOf('second'), before)
    const first = pidOf('first')
    assert.equal(run('restart', lab, 'web:first').status, 0)
    assert.notEqual(pidOf('first'), first)
    assert.match(run('start', lab, 'web:third').stderr, /no process third/)
    run('exec', lab, 'web', '--', 'touch', `/tmp/${lab}`)
    try {
      const { status, stderr } = run('restart', lab, 'web:choosy')
      assert.equal(status, 3)
      assert.match(stderr, /web:choosy: ended with status 3 before it was ready/)
      assert.match(stderr, /> not today/)
    } finally {
      run('exec', lab, 'web', '--', 'rm', `/tmp/${lab}`)
    }
    assert.equal(run('start', lab, 'web:choosy').status, 0)
    assert.deepEqual([states().choosy, states().second], ['ready', 'running'])
  })
})
