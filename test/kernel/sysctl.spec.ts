import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { SystemError } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { sysctlPath } from '../../src/kernel/sysctl.js'
import { pinned } from '../../src/kinds/index.js'
import { batch, create, kindOf, newLink, withLab } from './lab.js'

describe('sysctls of a node', () => {
  it('are its own, through more nodes than one procfs serves', () => {
    const nodes = Array.from({ length: 40 }, (_, i) => `n${i}`)
    withLab(nodes, space => {
      nodes.forEach((node, i) => void space.writeSysctl(node, 'net.ipv4.ip_default_ttl', `${100 + i}`))
      assert.deepEqual(
        nodes.map(node => space.readSysctls(node, ['net.ipv4.ip_default_ttl'])[0]),
        nodes.map((_, i) => `${100 + i}`),
      )
      space.home()
      const witness = execFileSync('ip', [
        'netns',
        'exec',
        `${space.lab}.n7`,
        'cat',
        '/proc/sys/net/ipv4/ip_default_ttl',
      ])
      assert.equal(String(witness), '107\n')
    })
  })

  it('of an interface whose name has a dot are written with a slash', () =>
    withLab(['a'], space => {
      space.send('a', batch(newLink({ index: 1000, flags: create }, ...kindOf('eth0.100', 'bridge'))))
      space.writeSysctl('a', 'net.ipv4.conf.eth0/100.forwarding', '1')
      assert.equal(space.readSysctls('a', ['net/ipv4/conf/eth0.100/forwarding'])[0], '1')
      assert.equal(space.readSysctls('a', ['net.ipv4.conf.eth0.100.forwarding'])[0], undefined)
    }))

  it('that do not exist are undefined when read, and refused when written', () =>
    withLab(['a'], space => {
      assert.equal(space.readSysctls('a', ['net.ipv4.no_such_thing'])[0], undefined)
      assert.throws(() => space.writeSysctl('a', 'net.ipv4.no_such_thing', '1'), { errno: 'ENOENT' })
      assert.throws(() => space.writeSysctl('a', 'net.ipv4.ip_forward', 'x'), { errno: 'EINVAL' })
    }))

  it('cannot leave /proc/sys', () => {
    for (const name of [
      'net/../../self/mem',
      '/etc/passwd',
      'net.ipv4./.x',
      '..',
      '.',
      '',
      'net..ipv4',
      'net.//.x',
      'a\0b',
    ])
      assert.throws(
        () => sysctlPath(name),
        (error: unknown) => error instanceof SystemError && error.errno === 'EINVAL',
        name,
      )
    assert.equal(sysctlPath('net.ipv4.ip_forward'), 'net/ipv4/ip_forward')
  })

  it('are the same whether files or messages tell them', () =>
    withLab(['a'], space => {
      const names = pinned.map(({ name }) => name)
      const one = (name: string) => space.readSysctls('a', [name])[0]
      for (const value of ['1', '0', '2'])
        for (const name of names) {
          // Some take 0 and 1 alone.
          if (value !== '2' || name.includes('rp_filter')) space.writeSysctl('a', name, value)
          const all = space.readSysctls('a', names)
          assert.deepEqual(all, names.map(one), `after ${name} = ${value}`)
        }
    }))

  it('of a new namespace can be asked for', () => {
    const fresh = linux().freshSysctls(['net.ipv4.ip_default_ttl', 'net.ipv6.conf.all.forwarding', 'net.no.such'])
    assert.deepEqual(
      [...fresh],
      [
        ['net.ipv4.ip_default_ttl', '64'],
        ['net.ipv6.conf.all.forwarding', '0'],
      ],
    )
  })
})
