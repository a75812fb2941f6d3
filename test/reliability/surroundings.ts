/** A private machine → the same with things of others in it, which must be as they are whatever nstopo does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { run } from '../support/machine.js'
import { isPrivate } from '../support/private-machine.js'
import { hasNft } from './network.js'

export interface Surroundings {
  readonly kind: Kind
  /** Names in /run/netns whose insides belong to what must stay. */
  readonly namespaces: readonly string[]
  readonly processes: readonly ChildProcess[]
}

/**
 * What a machine has besides. `bare` is without /run/netns, so that nstopo makes it and has to take it away; a `crowded`
 * one has names there that look like a lab's: of labs whose names begin or end alike, and of no lab at all.
 */
export type Kind = 'bare' | 'crowded'

export function furnish(kind: Kind, lab: string): Surroundings {
  if (!isPrivate()) throw new Error('only in a machine of its own')
  furnishNetwork()
  furnishFiles()
  const made = kind === 'bare' ? { kind, namespaces: [], processes: [] } : furnishNames(lab)
  untilAllHaveCarrier()
  return made
}

/** The kernel tells of carrier when it has time. */
function untilAllHaveCarrier(): void {
  while (/"operstate":"(DOWN|LOWERLAYERDOWN)"/.test(run('ip', '-j', 'link', 'show', 'up'))) run('sleep', '0.05')
}

function furnishNetwork(): void {
  run('ip', 'link', 'add', 'name', 'fv0', 'type', 'veth', 'peer', 'name', 'fv1')
  run('ip', 'link', 'add', 'name', 'fbr0', 'type', 'bridge')
  run('ip', 'link', 'set', 'dev', 'fv0', 'master', 'fbr0')
  for (const dev of ['fv0', 'fv1', 'fbr0']) {
    run('sysctl', '-q', '-w', `net.ipv6.conf.${dev}.disable_ipv6=1`)
    run('ip', 'link', 'set', 'dev', dev, 'up')
  }
  run('ip', 'address', 'add', '192.0.2.1/24', 'dev', 'fv1')
  run('ip', 'route', 'add', '198.51.100.0/24', 'via', '192.0.2.2', 'protocol', '110')
  run('ip', 'route', 'add', 'blackhole', '203.0.113.0/24', 'table', '77')
  run('ip', 'rule', 'add', 'from', '192.0.2.0/24', 'table', '77', 'priority', '777', 'protocol', '110')
  run('ip', 'neigh', 'add', '192.0.2.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'fv1', 'nud', 'permanent')
  if (!hasNft) return
  run('nft', 'add table inet foreign; add chain inet foreign in { type filter hook input priority 0; }')
  run('nft', 'add rule inet foreign in ip saddr 203.0.113.9 drop')
}

function furnishFiles(): void {
  mkdirSync('/run/foreign')
  run('mount', '-t', 'tmpfs', 'foreign', '/run/foreign')
  writeFileSync('/run/foreign/note', 'not nstopo’s\n')
  writeFileSync('/run/nstopo-something', 'not nstopo’s either\n')
  chmodSync('/run/nstopo-something', 0o640)
  mkdirSync('/run/nstopo.d')
}

function furnishNames(lab: string): Surroundings {
  const namespaces = [`${lab}-2.a`, `my-${lab}.a`, `${lab}a`, 'plain']
  for (const name of namespaces) run('ip', 'netns', 'add', name)
  run('ip', '-n', 'plain', 'link', 'add', 'name', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1')
  run('ip', '-n', 'plain', 'address', 'add', '10.0.0.1/24', 'dev', 'eth0')
  if (hasNft) run('ip', 'netns', 'exec', `${lab}-2.a`, 'nft', 'add table ip foreign')
  symlinkSync(`/run/nstopo/${lab}-3/ns/a`, `/run/netns/${lab}-3.a`)
  symlinkSync('/nowhere', '/run/netns/dangling')
  writeFileSync('/run/netns/a-file', '')
  return { kind: 'crowded', namespaces, processes: namespaces.slice(0, 2).map(sleeper) }
}

/** A process in a namespace of that name, with a mount namespace of its own as `ip netns exec` makes one. */
export function sleeper(namespace: string): ChildProcess {
  return asleep('ip', 'netns', 'exec', namespace)
}

/** The words before a command → that command is sleep(1), which they have become. */
export function asleep(...[program, ...words]: readonly [string, ...string[]]): ChildProcess {
  const started = spawn(program, [...words, 'sleep', 'infinity'], { stdio: 'ignore' })
  const within = () => /^sleep\0/.test(readFileSync(`/proc/${started.pid}/cmdline`, 'utf8'))
  while (!within()) run('sleep', '0.002')
  return started
}
