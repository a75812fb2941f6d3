/** \`exec\` without Node (native/init/door.c): the same as with it, and left to it where anything is not plain. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { asUser, threeNodes } from '../rootless/user.js'
import { inFolder, labName, nstopo, program } from './program.js'

const file = `
nodes:
  plain: {}
  first: {}
  mounts: { isolate: [mount], files: { /etc/motd: { content: "of mounts\\n" } } }
  whole: { hostname: whole.example, isolate: all, environment: { ROLE: server, EMPTY: "", TWO: "a\\nb" } }
  users: { users: { map: "0 100000 65536" } }
  bounded: { limits: { pids: 50 } }
links: [[plain, whole]]
`

/** All that a program can see of where it is, and how it was started. */
const everything = `hostname; pwd; id; umask; env | sort; cat /etc/motd; ls /sys/class/net
  for kind in user mnt uts ipc net cgroup pid time; do [ $kind = mnt ] || readlink /proc/self/ns/$kind; done
  cat /proc/self/cgroup; grep -E '^(Sig(Blk|Ign|Cgt)|Cap|Groups)' /proc/self/status; ulimit -a; ls /proc/self/fd; echo "$@"; cat`

describe('commands: exec without Node', () => {
  const lab = labName('door')
  const folder = `/run/nstopo/${lab}`
  const env = { PATH: process.env.PATH ?? '', HOME: '/root', ROLE: 'caller' }

  before(() => {
    const { status, stderr } = nstopo(['up', '-'], { input: `name: ${lab}\n${file}` })
    assert.equal(status, 0, stderr)
  })
  after(() => {
    nstopo(['down', lab])
  })

  const directly = (words: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const { status, signal, stdout, stderr } = spawnSync(program, words, {
      ...{ encoding: 'utf8', input: 'typed\n', env: { ...env, ...variables } },
    })
    return { status, signal, stdout, stderr }
  }
  const byNode = (words: readonly string[]) => {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      ...{ encoding: 'utf8', input: 'typed\n', env },
    })
    return { status, signal, stdout, stderr }
  }
  /** Node says so, wherever it is started. */
  const withoutNode = (words: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    inFolder({ node: '#!/bin/sh\necho node was started\n' }, bin => {
      spawnSync('chmod', ['755', `${bin}/node`])
      return directly(words, { PATH: `${bin}${delimiter}${env.PATH}`, ...variables })
    })
  const started = 'node was started\n'

  for (const node of ['plain', 'mounts', 'whole', 'users', 'bounded'])
    it(`is the same in ${node} as with it`, () => {
      const words = ['exec', lab, node, '--', 'sh', '-c', everything, 'sh', 'some', 'words ', '']
      const [found, expected] = [directly(words), byNode(words)]
      assert.deepEqual(found, expected)
      assert.equal(found.status, 0)
      assert.match(found.stdout, /typed\n$/)
    })

  it('starts no Node, the first time in a node neither', () => {
    for (const node of ['first', 'first', 'plain', 'mounts', 'whole', 'users', 'bounded'])
      assert.equal(withoutNode(['exec', lab, node, '--', 'sh', '-c', 'echo $NSTOPO_NODE']).stdout, `${node}\n`)
    const others = { NSTOPO_LAB: lab, NSTOPO_ADDR_PLAIN_ETH0: '10.0.0.1', NSTOPO_OF_SOMEBODY: '1' }
    assert.equal(withoutNode(['exec', 'first', '--', 'hostname'], others).stdout, 'first\n')
  })

  it('leaves everything to Node that is not plain', () => {
    const plain = ['--', 'true']
    for (const words of [
      ['exec'],
      ['exec', lab, 'plain'],
      ['exec', lab, 'plain', '--'],
      ['exec', lab, '--all', ...plain],
      ['exec', '--user', 'nobody', lab, 'plain', ...plain],
      ['exec', lab, 'plain', '--help', ...plain],
      ['exec', 'plain', ...plain],
      ['exec', lab, 'nowhere', ...plain],
      ['exec', lab, '../plain', ...plain],
      ['exec', `../nstopo/${lab}`, 'plain', ...plain],
      ['exec', 'no-such-lab', 'plain', ...plain],
      ['exec', 'lab.yaml', 'plain', ...plain],
      ['exec', `${'x'.repeat(64)}`, 'plain', ...plain],
      ['shell', lab, 'plain'],
    ])
      assert.equal(withoutNode(words).stdout, started, words.join(' '))
    for (const name of ['NSTOPO_EXEC_USER', 'NSTOPO_EXEC_TIMINGS', 'NSTOPO_STATE_DIR', 'NSTOPO_JSON'])
      assert.equal(withoutNode(['exec', lab, 'plain', ...plain], { [name]: '1' }).stdout, started, name)
  })

  it('ends as the command ends', () => {
    for (const node of ['plain', 'whole']) {
      const run = (...command: readonly string[]) => directly(['exec', lab, node, '--', ...command])
      assert.equal(run('sh', '-c', 'exit 7').status, 7)
      assert.equal(run('sh', '-c', 'kill -INT $$').signal, 'SIGINT')
      const missing = run('no-such-command-anywhere')
      assert.equal(missing.status, 127)
      assert.equal(missing.stderr, 'error: there is no command no-such-command-anywhere  [not-found]\n')
      assert.equal(run('/').status, 126)
    }
  })

  it('enters no namespace that is not marked as ours, and no host whose way is not ours', () => {
    const mark = `${folder}/id/plain`
    const inode = readlinkSync(mark)
    rmSync(mark)
    symlinkSync('4026531840', mark)
    try {
      assert.equal(withoutNode(['exec', lab, 'plain', '--', 'true']).stdout, started)
    } finally {
      rmSync(mark)
      symlinkSync(inode, mark)
    }
    const way = `${folder}/host/whole/way`
    const text = readFileSync(way)
    assert.equal(lstatSync(way).mode & 0o777, 0o600)
    const refused = (make: () => void) => {
      rmSync(way, { force: true })
      make()
      assert.equal(withoutNode(['exec', lab, 'whole', '--', 'true']).stdout, started)
    }
    try {
      refused(() => {})
      refused(() => symlinkSync('/etc/passwd', way))
      refused(() => {
        writeFileSync(way, text)
        spawnSync('chown', ['65534', way])
      })
    } finally {
      rmSync(way, { force: true })
      writeFileSync(way, text, { mode: 0o600 })
    }
  })

  it('leaves a host whose init has ended to Node, which says so', () => {
    const init = `${folder}/host/bounded/init`
    const text = readFileSync(init, 'utf8')
    writeFileSync(init, `${text.split(' ')[0]} 1\n`)
    try {
      const { status, stderr } = directly(['exec', lab, 'bounded', '--', 'true'])
      assert.equal(status, 125)
      assert.match(stderr, /its init has ended: nstopo up makes it anew/)
    } finally {
      writeFileSync(init, text)
    }
  })

  it('is the same for an ordinary user, who is not left behind when it is killed', () => {
    const nodes = threeNodes.replace('a: {}', 'a: { isolate: [mount, pid] }')
    const { status, stdout, stderr } = asUser(`${nodes}
      nstopo up -q lab.yaml
      node=$(command -v node)
      node() { "$node" "$@"; }
      for n in a b; do
        for way in nstopo "node /run/checkout/dist/nstopo.cjs"; do
          $way exec three $n -- sh -c 'hostname; pwd; id; env | grep -v ^_= | sort; ls /sys/class/net; readlink /proc/self/ns/net' > "$n.\${way%% *}"
        done
        cmp $n.nstopo $n.node && head -1 $n.node
      done
      mkdir bin && printf '#!/bin/sh\\necho node was started\\n' > bin/node && chmod 755 bin/node
      (PATH=$PWD/bin:$PATH; for n in a b c c; do nstopo exec three $n -- hostname; done; nstopo exec three d -- hostname)
      nstopo exec three a -- sh -c 'echo begun; exec sleep 1000' > log & pid=$!
      until grep -q begun log; do sleep 0.05; done
      kill -KILL $pid
      until ! nstopo exec three a -- ps ax | grep -q '[s]leep 1000'; do sleep 0.05; done
      nstopo down -q three`)
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.deepEqual(stdout.trimEnd().split('\n'), ['a', 'b', 'a', 'b', 'c', 'c', 'node was started'])
  })

  it('has its program where the package is linked to', () =>
    inFolder({}, bin => {
      symlinkSync(program, `${bin}/nstopo`)
      const { stdout } = spawnSync(`${bin}/nstopo`, ['exec', lab, 'plain', '--', 'hostname'], { encoding: 'utf8', env })
      assert.equal(stdout, 'plain\n')
    }))
})
