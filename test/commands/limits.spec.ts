/** Labs too large for lowered limits, by the built program: told before anything is touched, and up after what the hint says. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { apart, isApartPossible, scripted } from '../support/apart.js'

const chain = (count: number) => {
  const nodes = Array.from({ length: count }, (_, i) => `n${i}`)
  const links = nodes.slice(1).map((node, i) => `  - [n${i}, ${node}]\n`)
  return `nodes: { ${nodes.map(node => `${node}: {}`).join(', ')} }\nlinks:\n${links.join('')}`
}

/** So many whole hosts, each with so many processes. */
function hosts(count: number, each: number): string {
  const processes = Array.from({ length: each }, (_, i) => `p${i}: { command: [sleep, infinity] }`)
  const host = `{ isolate: [mount, pid], processes: { ${processes.join(', ')} } }`
  return `nodes: { ${Array.from({ length: count }, (_, i) => `h${i}: ${host}`).join(', ')} }`
}

/** Runs the command that the hint gives, which stands in the file `said`. */
const obey = 'sh -c "$(sed -n \'s/^ *hint: //p\' said)" >/dev/null'
const pins = 'grep nsfs /proc/self/mountinfo'
/** First of all in a script that looks whether anything was touched. */
const look = `${pins} >before`
/** No file, and no namespace that is mounted now; those of others may have gone meanwhile. */
const untouched = `ls -A /run; ${pins} | grep -vxcFf before`

/** A control group for this test alone, below our own; undefined where nobody lets us make one that limits memory. */
function testGroup() {
  const own = readFileSync('/proc/self/cgroup', 'utf8')
  const [version1, version2] = [/^\d+:memory:(.*)$/m.exec(own), /^0::(.*)$/m.exec(own)]
  const above = version1 ? `/sys/fs/cgroup/memory${version1[1]}` : `/sys/fs/cgroup${version2?.[1] ?? ''}`
  const folder = `${above}/nstopo-test-${process.pid}`
  const [limit, usage] = version1 ? ['limit_in_bytes', 'usage_in_bytes'] : ['max', 'current']
  try {
    mkdirSync(folder)
  } catch {
    return undefined
  }
  if (existsSync(`${folder}/memory.${limit}`))
    return { folder, limit: `${folder}/memory.${limit}`, usage: `${folder}/memory.${usage}` }
  rmdirSync(folder)
  return undefined
}

/** The kernel lets go of the last process's group a moment after its end. */
function removeGroup(folder: string): void {
  for (let tries = 100; existsSync(folder); tries--)
    try {
      rmdirSync(folder)
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EBUSY' || tries === 0) throw thrown
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
}

describe('a lab too large for the machine', () => {
  before(function () {
    if (!isApartPossible) this.skip()
  })

  it('in namespaces: said at once, nothing touched, and the hint mends it', () => {
    const limit = '/proc/sys/user/max_net_namespaces'
    const up = '$N up -q lab.yaml 2>said; echo $?'
    const out = scripted(
      `${look}; echo 5 >${limit}; ${up}; cat said; ${untouched}; ${obey}; ${up}; ip netns list | wc -l`,
      chain(5),
    )
    assert.match(
      out,
      /^2\nerror: the lab wants 5 more network namespaces, and 4 are left of user\.max_net_namespaces = 5 {2}\[limit-reached\]\n +hint: sysctl -w user\.max_net_namespaces=\d+\n0\n0\n5\n$/,
    )
  })

  it('in namespaces: exactly as many as are left can be made', () => {
    const out = scripted(
      'for limit in 4 5 6 7; do echo $limit >/proc/sys/user/max_net_namespaces; $N up -q lab.yaml 2>/dev/null; echo $?; done',
      chain(5),
    )
    assert.equal(out, '2\n2\n0\n0\n')
  })

  it('in descriptors: what is begun goes well', () => {
    // Only what stands here is open: what the runner of these tests has left open would hide a descriptor too few.
    const bare = 'for d in /proc/self/fd/*; do d=${d##*/}; [ $d -gt 2 ] && eval "exec $d>&-"; done'
    const cases = [
      { topology: chain(3), from: 38 },
      { topology: chain(20), from: 38 },
      { topology: chain(20), from: 50, opened: 'exec 12</dev/null 200</dev/null' },
      { topology: hosts(17, 0), from: 60 },
      { topology: hosts(2, 15), from: 110 },
    ]
    for (const { topology, from, opened = ':' } of cases) {
      const up = '$N up -q lab.yaml >said 2>&1; echo $?; grep -o limit-reached said; ls -A /run'
      const isEnough = '[ -e /run/nstopo ] && [ $((++enough)) = 4 ] && break'
      const tries = `for n in {${from}..200}; do (ulimit -n $n; ${up}); ${isEnough}; $N down -q --all; done; $N down -q --all`
      const out = scripted(`exec bash --norc -c '${bare}; ${opened}; ${tries}'`, topology)
      const outcomes = out.replaceAll('2\nlimit-reached\n', 'said ').replaceAll('0\nnetns\nnstopo\n', 'up ')
      assert.match(outcomes, /^(said )+(up ){4}$/, outcomes)
    }
  })

  it('in what the kernel has: without /dev/net/tun no tap is tried', () => {
    const tap = "echo 'nodes: { a: { interfaces: { t0: { kind: tap } } } }' >tap.yaml"
    const up = '$N up -q tap.yaml 2>said; echo $?'
    const out = scripted(
      `${tap}; mount -t tmpfs tmpfs /dev/net; ${up}; cat said; ls /run | grep -c nstopo; umount /dev/net; ${up}`,
      chain(2),
    )
    assert.match(out, /^2\nerror: \/dev\/net\/tun cannot be opened \(ENOENT\), .* {2}\[limit-reached\]\n.*\n0\n0\n$/)
  })

  it('a plan is made all the same, with a warning', () => {
    const out = scripted('echo 3 >/proc/sys/user/max_net_namespaces; $N plan lab.yaml; echo $?', chain(5))
    assert.match(out, /^warning: the lab wants 5 more network namespaces, and 2 are left .*\n +hint: sysctl -w .*\n/)
    assert.match(out, /\ncreate node n4\n[\s\S]*\n0\n$/)
  })

  it('in memory of its control group: the hint mends it, and the estimate is near the truth', function () {
    const group = testGroup()
    if (!group) return this.skip()
    try {
      const alone = [apart[0], ...apart.slice(1).filter(word => !/user/.test(word))] as const
      const enter = `${look}; echo $$ >${group.folder}/cgroup.procs; cat ${group.usage}`
      writeFileSync(group.limit, '210M')
      const strict = scripted(`${enter}; $N up --strict lab.yaml; echo $?; ${untouched}; true`, chain(1000), alone)
      assert.match(strict, /^\d+\nerror: the lab wants some \d+ MiB .* {2}\[limit-near\]\n +hint: .*\n2\n0\n$/)
      writeFileSync(group.limit, '100M')
      const up = '$N up -q lab.yaml 2>said; echo $?'
      const script = `${enter}; ${up}; ${untouched}; cat said; ${obey}; ${up}; cat ${group.usage}; $N down -q --all`
      const [before, refused, mounts, error, hint, done, after, ...more] = scripted(script, chain(1000), alone).split(
        '\n',
      )
      assert.deepEqual([refused, mounts, done], ['2', '0', '0'], more.join('\n'))
      assert.match(hint!, /hint: echo \d+M > /)
      const [told, truth] = [
        Number(/wants some (\d+) MiB/.exec(error!)![1]),
        (Number(after) - Number(before)) / 2 ** 20,
      ]
      assert.ok(told > 0.7 * truth && told < 1.5 * truth, `${told} MiB told, ${truth} MiB taken`)
    } finally {
      removeGroup(group.folder)
    }
  })
})
