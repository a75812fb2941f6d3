import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { json, labName, nstopo, program, twoHosts } from './program.js'

interface Listed {
  readonly ns: number
  readonly type: string
}

/** What util-linux says of a process. */
function lsns(pid: number): readonly Listed[] {
  const out = execFileSync('lsns', ['-J', '-p', `${pid}`, '-o', 'NS,TYPE'], { encoding: 'utf8' })
  return (JSON.parse(out) as { readonly namespaces: readonly Listed[] }).namespaces
}

describe('commands: ns', () => {
  it('lists what lsns lists, and says who shares what', async () => {
    const lab = labName('ns')
    const children: ChildProcess[] = []
    const start = (command: string, ...words: readonly string[]) => {
      const child = spawn(command, words, { stdio: 'ignore' })
      children.push(child)
      return child.pid!
    }
    const seen = () => {
      const { result } = json('ns', [lab], '/')
      return (node: string, type: string) =>
        result.nodes.find(one => one.node === node)!.namespaces.filter(one => one.type === type)
    }
    const pidsIn = (node: string) => seen()(node, 'net')[0]!.programs.map(({ pid }) => pid)
    /** Each of them has become what it was to become. */
    const until = async (node: string, type: string, pid: number) => {
      while (!pidsIn(node).includes(pid) || seen()(node, type).every(one => one.machine)) await sleep(20)
    }
    try {
      assert.equal(nstopo(['up', '-'], { input: `name: ${lab}\n${twoHosts}` }).status, 0)
      const inside = start(process.execPath, program, 'exec', lab, 'h1', '--', 'sleep', '600')
      await until('h1', 'mnt', inside)
      const first = start('nsenter', `--net=/run/netns/${lab}.h1`, 'unshare', '--ipc', 'sleep', '600')
      await until('h1', 'ipc', first)
      const second = start('nsenter', `--net=/run/netns/${lab}.h2`, `--ipc=/proc/${first}/ns/ipc`, 'sleep', '600')
      await until('h2', 'ipc', second)
      const of = seen()
      assert.deepEqual(pidsIn('h1').sort(), [inside, first].sort())
      for (const [node, pid] of [['h1', inside] as const, ['h1', first] as const, ['h2', second] as const])
        for (const { ns, type } of lsns(pid)) {
          const found = of(node, type).find(one => one.inode === ns)
          assert.ok(
            found?.programs.some(one => one.pid === pid),
            `${node} ${type} ${ns}`,
          )
        }
      const shared = of('h2', 'ipc').find(one => !one.machine)
      assert.deepEqual([shared?.nodes, shared?.entered], [['h1'], false])
      assert.ok(of('h1', 'net')[0]!.entered && !of('h1', 'net')[0]!.machine)
      assert.ok(of('h1', 'user')[0]!.machine)
      const text = nstopo(['ns', lab, 'h2']).stdout
      assert.match(text, /ipc +\d+ +shared with h1 +\d+ sleep 600/)
      assert.match(text, /user +\d+ +the machine’s/)
      assert.match(nstopo(['ns', lab, 'h3']).stderr, /did you mean h1 or h2/)
    } finally {
      for (const child of children) child.kill('SIGKILL')
      nstopo(['down', lab])
    }
  })
})
