/** What is short on a machine: one that fixtures show, and the real one with its limits lowered where that is allowed. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RLIMIT_NOFILE } from '../../native/constants.js'
import { getrlimit, setrlimit } from '../../native/libc.js'
import type { Shortage } from '../../src/kernel/kernel.js'
import { hasDescriptors } from '../../src/kernel/limits/descriptors.js'
import { roundUp } from '../../src/kernel/limits/figures.js'
import { findShortages } from '../../src/kernel/limits.js'
import { linux } from '../../src/kernel/linux.js'
import type { HostNeeds, Needs } from '../../src/model/needs.js'
import type { Family } from '../../src/model/network.js'
import { needs } from '../support/needs.js'
import { ip } from './lab.js'

const nothing: Needs = {
  ...{ lab: 'lab', namespaces: 0, mounts: 0, links: new Map(), devices: 0, addresses: 0, routes: 0 },
  ...{ families: new Set<Family>(), ruled: new Set<Family>(), neighbours: new Map(), longest: '' },
}

type Files = Readonly<Record<string, string>>

/** What is short where /proc and /sys hold these files (`-> PATH` is a link; @ is what stands before both), and no others. */
function shortOn(files: Files, needs: Partial<Needs>): readonly Shortage[] {
  const root = mkdtempSync(join(tmpdir(), 'nstopo-limits-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(root, path))
      else writeFileSync(join(root, path), text.replaceAll('@', root))
    }
    const found = findShortages({ ...nothing, ...needs }, '/run/nstopo', {
      proc: join(root, 'proc'),
      sys: join(root, 'sys'),
    })
    return found.map(each => ({
      ...each,
      message: each.message.replaceAll(root, ''),
      fix: each.fix.replaceAll(root, ''),
    }))
  } finally {
    rmSync(root, { recursive: true })
  }
}

const mountinfo = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i} 1 0:4 / /m${i} rw shared:1 - tmpfs none rw\n`).join('')
const meminfo = (available: number, swap = 0) =>
  `MemTotal: 99999999 kB\nMemAvailable:   ${available} kB\nSwapFree: ${swap} kB\n`

/** Some 100 MiB, and half of it in a control group. */
const hundredMib: Partial<Needs> = { links: new Map([['veth', 994]]) }
const statistic = (cache: string, entries: string) => ({
  [`proc/net/stat/${cache}`]: `entries  allocs   destroys\n${entries} 000009f2 00000ba6\n${entries} 00000d23 00000b6d\n`,
})
const many = {
  neighbours: new Map<Family, number>([
    [4, 1000],
    [6, 1000],
  ]),
}
const gc = (family: Family) => `proc/sys/net/ipv${family}/neigh/default/gc_thresh3`

const hosts = (more: Partial<HostNeeds>): Partial<Needs> => ({
  hosts: { count: 3, kinds: new Map(), limits: new Map(), processes: 0, supervised: 0, ...more },
})
const group2 = { 'proc/self/mountinfo': '41 31 0:38 / @/sys/cg rw - cgroup2 cgroup2 rw\n' }
const handing =
  'mkdir -p /sys/cg/own && while read p; do echo $p > /sys/cg/own/cgroup.procs; done < /sys/cg/cgroup.procs'

type Case = readonly [what: string, files: Files, needs: Partial<Needs>, expected: readonly string[]]

const machines: readonly Case[] = [
  ['nothing is said where nothing can be known', {}, { ...hundredMib, ...many, mounts: 10_000 }, []],
  [
    'mounts: those that there are count',
    { 'proc/sys/fs/mount-max': '50\n', 'proc/self/mountinfo': mountinfo(41) },
    { mounts: 10 },
    ['fatal: the lab wants 10 more mounts, and 9 are left of fs.mount-max = 50 | sysctl -w fs.mount-max=70'],
  ],
  [
    'mounts: as many as are left are not too many',
    { 'proc/sys/fs/mount-max': '50\n', 'proc/self/mountinfo': mountinfo(40) },
    { mounts: 10 },
    [],
  ],
  [
    'namespaces: the limit alone may say enough',
    { 'proc/sys/user/max_net_namespaces': '100\n' },
    { namespaces: 101 },
    [
      'fatal: the lab wants 101 more network namespaces, and 100 are left of user.max_net_namespaces = 100 | sysctl -w user.max_net_namespaces=200',
    ],
  ],
  [
    'memory: more than there is',
    { 'proc/meminfo': meminfo(70 * 1024) },
    hundredMib,
    [
      'fatal: the lab wants some 100 MiB of memory, and 70 MiB are available | nstopo down LAB gives back what another lab takes (nstopo ls lists them)',
    ],
  ],
  [
    'memory: programs may be swapped out for it',
    { 'proc/meminfo': meminfo(70 * 1024, 20 * 1024) },
    hundredMib,
    [
      'near: the lab wants some 100 MiB of memory, and 70 MiB are available | nstopo down LAB gives back what another lab takes (nstopo ls lists them)',
    ],
  ],
  ['memory: four fifths of what is available', { 'proc/meminfo': meminfo(126 * 1024) }, hundredMib, []],
  [
    'a control group of version 2: the tightest of those above, with what it would give up',
    {
      'proc/self/cgroup': '0::/a/b\n',
      'sys/fs/cgroup/a/b/memory.max': 'max\n',
      'sys/fs/cgroup/a/b/memory.current': '1000\n',
      'sys/fs/cgroup/a/memory.max': `${200 << 20}\n`,
      'sys/fs/cgroup/a/memory.current': `${180 << 20}\n`,
      'sys/fs/cgroup/a/memory.stat': `anon 5\ninactive_file ${6 << 20}\nactive_file ${3 << 20}\nslab_reclaimable ${1 << 20}\n`,
    },
    hundredMib,
    [
      'fatal: the lab wants some 50 MiB of its control group’s memory, and 30 MiB are left of /sys/fs/cgroup/a/memory.max = 209715200 | echo 270M > /sys/fs/cgroup/a/memory.max',
    ],
  ],
  [
    'a control group of version 1, in a container that shows it at the top',
    {
      'proc/self/cgroup': '5:cpuset:/\n4:memory:/docker/1234\n0::/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${100 << 20}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${40 << 20}\n`,
    },
    hundredMib,
    [
      'near: the lab wants some 50 MiB of its control group’s memory, and 60 MiB are left of /sys/fs/cgroup/memory/memory.limit_in_bytes = 104857600 | echo 140M > /sys/fs/cgroup/memory/memory.limit_in_bytes',
    ],
  ],
  [
    'a control group without a limit',
    {
      'proc/self/cgroup': '4:memory:/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      'sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n',
    },
    hundredMib,
    [],
  ],
  [
    'neighbours: what other labs have counts',
    { [gc(4)]: '1024\n', ...statistic('arp_cache', '00000019') },
    many,
    [
      'near: once all ends of the lab’s links have talked, the ARP table has 1025 entries, and all namespaces together may have net.ipv4.neigh.default.gc_thresh3 = 1024: past that packets are lost (neighbor table overflow) | sysctl -w net.ipv4.neigh.default.gc_thresh3=4096',
    ],
  ],
  [
    'neighbours: the ND table is another',
    {
      [gc(4)]: '1024\n',
      ...statistic('arp_cache', '00000018'),
      [gc(6)]: '999\n',
      ...statistic('ndisc_cache', '0000000a'),
    },
    many,
    [
      'near: once all ends of the lab’s links have talked, the ND table has 1010 entries, and all namespaces together may have net.ipv6.neigh.default.gc_thresh3 = 999: past that packets are lost (neighbor table overflow) | sysctl -w net.ipv6.neigh.default.gc_thresh3=4096',
    ],
  ],
  [
    'no IPv6',
    { 'proc/sys/net/ipv4/ip_forward': '0\n' },
    { families: new Set<Family>([4, 6]) },
    [
      'fatal: this kernel has no IPv6, and the lab has addresses or routes of it | remove ipv6.disable=1 from the kernel’s command line, or: modprobe ipv6',
    ],
  ],
  [
    'more ports than a bridge takes, for a moment',
    {},
    { fullest: { node: 'sw', bridge: 'br0', ports: 1024 } },
    [
      'fatal: sw:br0 would have 1024 ports for a moment, as new ones come before old ones go; a bridge takes 1023 | nstopo down lab, then up again',
    ],
  ],
  [
    'namespaces of hosts: kinds that the kernel lacks, and limits that are lower',
    {
      'proc/self/ns/pid': '',
      'proc/self/ns/uts': '',
      'proc/sys/user/max_pid_namespaces': '2\n',
      'proc/sys/user/max_uts_namespaces': '3\n',
    },
    hosts({ kinds: new Map([['uts', 3] as const, ['pid', 3] as const, ['time', 1] as const]) }),
    [
      'fatal: this kernel has no time namespaces, and the lab wants 1 | a kernel with CONFIG_TIME_NS',
      'fatal: the lab wants 3 more pid namespaces, and user.max_pid_namespaces is 2 | sysctl -w user.max_pid_namespaces=7',
    ],
  ],
  [
    'processes: threads of others count',
    { 'proc/loadavg': '0.40 0.33 0.28 1/995 2961\n', 'proc/sys/kernel/pid_max': '1000\n' },
    hosts({ processes: 6 }),
    ['fatal: the lab wants 6 more processes, and 5 are left of kernel.pid_max = 1000 | sysctl -w kernel.pid_max=2000'],
  ],
  [
    'limits of hosts: nothing that is mounted has the controller',
    { 'proc/self/mountinfo': '41 31 0:38 / @/sys/cg rw - cgroup cgroup rw,memory\n' },
    hosts({ limits: new Map([['memory', 2] as const, ['cpu', 1] as const]) }),
    [
      'fatal: the lab limits the processor time of a host, and no control group that is mounted has the controller cpu | mkdir -p /sys/fs/cgroup/cpu && mount -t cgroup -o cpu cgroup /sys/fs/cgroup/cpu; where /proc/cgroups does not list it: a kernel that has it, without cgroup_disable=cpu',
    ],
  ],
  [
    'limits of hosts: a tree that is read only, as in a container',
    { 'proc/self/mountinfo': '41 31 0:38 / @/sys/cg ro - cgroup cgroup rw,pids\n' },
    hosts({ limits: new Map([['pids', 3] as const]) }),
    [
      'fatal: the lab limits the processes of 3 hosts, and /sys/cg is mounted to be read only | mount -o remount,rw /sys/cg; in a container, start it with --privileged --cgroupns=host',
    ],
  ],
  [
    'limits of hosts: a group that has processes itself',
    {
      ...group2,
      ...{ 'sys/cg/cgroup.controllers': 'cpu memory\n', 'sys/cg/cgroup.subtree_control': 'cpu\n' },
      ...{ 'sys/cg/cgroup.procs': '1\n', 'sys/cg/cgroup.type': 'domain\n' },
    },
    hosts({ limits: new Map([['cpu', 3] as const, ['memory', 3] as const]) }),
    [
      `fatal: the lab limits the memory of 3 hosts, and /sys/cg has processes of its own, so the groups below it get no limits (cgroups(7), no internal processes) | ${handing}; echo +memory > /sys/cg/cgroup.subtree_control`,
    ],
  ],
  [
    'limits of hosts: the uppermost group of all may have processes',
    { ...group2, 'sys/cg/cgroup.controllers': 'cpu\n', 'sys/cg/cgroup.procs': '1\n' },
    hosts({ limits: new Map([['cpu', 3] as const]) }),
    [],
  ],
  ['as many ports as a bridge takes', {}, { fullest: { node: 'sw', bridge: 'br0', ports: 1023 } }, []],
]

describe('limits', () => {
  for (const [what, files, needs, expected] of machines)
    it(what, () => {
      const told = shortOn(files, needs).map(
        ({ fatal, message, fix }) => `${fatal ? 'fatal' : 'near'}: ${message} | ${fix}`,
      )
      assert.deepEqual(told, expected)
    })

  it('of paths: a node’s name below a deep state folder', () => {
    const home = `/${'d'.repeat(250)}`.repeat(16)
    const fitting = 4095 - `${home}/lab/ns/`.length
    const short = (length: number) => findShortages({ ...nothing, longest: 'n'.repeat(length) }, home)
    assert.deepEqual(short(fitting), [])
    assert.match(short(fitting + 1)[0]!.message, /would have 4096 bytes/)
  })

  it('are told as numbers with one digit that is not zero', () => {
    assert.deepEqual([1, 9, 10, 11, 1001, 2000, 96_366].map(roundUp), [1, 9, 10, 20, 2000, 2000, 100_000])
  })
})

describe('namespaces that the kernel counts and nobody sees', () => {
  const owner = '/proc/self/ns/user'
  const slab =
    'slabinfo - version: 2.1\n# name            <active_objs> <num_objs>\nnet_namespace        900    910   4288\n'
  const files = {
    'proc/sys/user/max_net_namespaces': '1000\n',
    'proc/slabinfo': slab,
    'proc/self/ns/user': `-> ${owner}`,
  }

  it('are doubtful, as some may be ours or about to go', function () {
    // Elsewhere they are all users', and none of this limit's business.
    needs(this, 'machine users')
    assert.deepEqual(
      [100, 101, 250, 251, 1000].map(namespaces => shortOn(files, { namespaces }).map(({ fatal }) => fatal)),
      [[], [], [], [false], [false]],
    )
    assert.match(shortOn(files, { namespaces: 251 })[0]!.message, /, and perhaps 250 are left of user\.max_net_names/)
  })

  it('are no matter in another user namespace', () => {
    const { 'proc/self/ns/user': _, ...elsewhere } = files
    assert.deepEqual(shortOn(elsewhere, { namespaces: 1000 }), [])
  })
})

describe('the real machine', () => {
  const kernel = linux()
  const shortOf = (needs: Partial<Needs>) => kernel.shortages({ ...nothing, ...needs })
  const seen = () => JSON.stringify([ip('link'), ip('rule'), ip('-6', 'rule')])

  it('is asked for kinds of links, and nothing is made', () => {
    const before = seen()
    const kinds = ['veth', 'bridge', 'nosuchkind', 'macvlan', 'vxlan', 'tap']
    const short = shortOf({ links: new Map(kinds.map(kind => [kind, 3])), ruled: new Set<Family>([4, 6]), devices: 1 })
    assert.deepEqual(
      short.map(({ message, fix, fatal }) => [message, fix, fatal]),
      [
        [
          'this kernel has no nosuchkind, and the lab wants 3',
          'modprobe nosuchkind; where there is no such module: a kernel with CONFIG_NOSUCHKIND',
          true,
        ],
      ],
    )
    assert.equal(seen(), before)
  })

  it('lets a process raise its own limit of descriptors', () => {
    const before = Buffer.alloc(16)
    getrlimit(RLIMIT_NOFILE, before)
    const low = Buffer.from(before)
    // How many are open is a matter of what else has run here.
    const limit = readdirSync('/proc/self/fd').length + 20
    low.writeBigUInt64LE(BigInt(limit), 0)
    const soft = () => Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))![1])
    try {
      setrlimit(RLIMIT_NOFILE, low)
      assert.equal(soft(), limit)
      assert.ok(hasDescriptors(1))
      assert.equal(soft(), limit)
      assert.ok(hasDescriptors(60))
      assert.equal(soft(), 1024)
    } finally {
      setrlimit(RLIMIT_NOFILE, before)
    }
  })
})
