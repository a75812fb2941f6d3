import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { hostOf, type Lab, withHost } from './hosts.js'

const week = 7 * 24 * 3600
const whole = hostOf(['mount', 'pid', 'ipc', 'user', 'cgroup', 'time'], {
  time: { monotonic: 2 * week, boottime: week },
  limits: { pids: 100 },
  users: {
    uids: [{ inside: 0, outside: 100000, count: 65536 }],
    gids: [{ inside: 0, outside: 100000, count: 65536 }],
  },
})

/** Each kind: its name under /proc/PID/ns, and what is another there. */
const kinds: Readonly<Record<string, (lab: Lab) => void>> = {
  uts({ inside }) {
    assert.equal(inside('hostname'), 'web.example')
    assert.notEqual(hostname(), 'web.example')
  },
  mnt({ inside, space }) {
    assert.equal(inside('ls', '/run'), 'lock')
    const point = `/mnt type tmpfs`
    assert.ok(inside('sh', '-c', 'mount -t tmpfs own /mnt && mount').includes(point))
    assert.ok(!execFileSync('mount', { encoding: 'utf8' }).includes(`own on ${point}`))
    // What keeps other nodes alive is not in it.
    assert.ok(!inside('cat', '/proc/self/mountinfo').includes(space.lab))
  },
  ipc({ inside }) {
    const made = /\d+$/.exec(execFileSync('ipcmk', ['-Q'], { encoding: 'utf8' }).trim())![0]
    try {
      assert.match(execFileSync('ipcs', ['-q'], { encoding: 'utf8' }), new RegExp(`^0x\\S+\\s+${made}\\s`, 'm'))
      assert.doesNotMatch(inside('ipcs', '-q'), /^0x/m)
      inside('ipcmk', '-Q')
      assert.match(inside('ipcs', '-q'), /^0x/m)
    } finally {
      execFileSync('ipcrm', ['-q', made])
    }
  },
  pid({ inside, pid }) {
    assert.equal(inside('cat', '/proc/1/comm'), 'nstopo-init')
    assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^NSpid:.*\t1$/m)
    const seen = inside('sh', '-c', 'ls -d /proc/[0-9]*').split('\n')
    assert.ok(seen.length <= 3, `${seen}`)
  },
  net({ inside, space }) {
    assert.equal(inside('ip', '-br', 'link').split(/\s/)[0], 'lo')
    assert.equal(inside('ip', 'route'), '')
    assert.equal(inside('ls', '/sys/class/net'), 'lo')
    assert.equal(readlinkSync(`/proc/${space.readHost('a').host!.pid}/ns/net`), `net:[${space.nodes().get('a')}]`)
  },
  user({ inside, pid }) {
    assert.equal(inside('sh', '-c', 'id -u; id -G'), '0\n0')
    inside('touch', '/run/made')
    assert.equal(statSync(`/proc/${pid}/root/run/made`).uid, 100000)
    assert.match(readFileSync(`/proc/${pid}/uid_map`, 'utf8'), /^\s*0\s+100000\s+65536\n$/)
    // Root of what is the node's own.
    assert.equal(inside('sh', '-c', 'hostname other && hostname && hostname web.example'), 'other')
  },
  cgroup({ inside, pid, space }) {
    const within = inside('cat', '/proc/self/cgroup').split('\n')
    const outside = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    assert.ok(outside.includes(`/nstopo-${space.lab}-`), outside)
    for (const line of outside
      .trim()
      .split('\n')
      .filter(line => line.includes(space.lab)))
      assert.ok(within.includes(`${line.split(':').slice(0, 2).join(':')}:/`), within.join('\n'))
  },
  time({ inside }) {
    const uptime = (text: string) => Number(text.split(' ')[0])
    const ahead = uptime(inside('cat', '/proc/uptime')) - uptime(readFileSync('/proc/uptime', 'utf8'))
    assert.ok(Math.abs(ahead - week) < 60, `${ahead} s`)
    const monotonic = Number(inside(process.execPath, '-p', 'process.hrtime()[0]')) - process.hrtime()[0]
    assert.ok(Math.abs(monotonic - 2 * week) < 60, `${monotonic} s`)
  },
}

describe('a host’s namespaces', () => {
  it('are its own, of every kind, seen from inside and from outside', () =>
    withHost(whole, lab => {
      for (const [kind, behaves] of Object.entries(kinds)) {
        const its = readlinkSync(`/proc/${lab.pid}/ns/${kind}`)
        assert.notEqual(its, readlinkSync(`/proc/self/ns/${kind}`), kind)
        assert.equal(lab.inside('readlink', `/proc/self/ns/${kind}`), its)
        behaves(lab)
      }
    }))

  it('are the machine’s where nothing is said, but network and UTS', () =>
    withHost(hostOf([]), ({ pid, inside }) => {
      for (const kind of ['pid', 'ipc', 'user', 'cgroup', 'time'])
        assert.equal(inside('readlink', `/proc/self/ns/${kind}`), readlinkSync(`/proc/self/ns/${kind}`), kind)
      assert.notEqual(readlinkSync(`/proc/${pid}/ns/uts`), readlinkSync('/proc/self/ns/uts'))
      assert.equal(inside('hostname'), 'web.example')
      assert.equal(inside('ls', '/sys/class/net'), 'lo')
    }))
})
