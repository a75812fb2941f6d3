/** In a private machine, things come, change and go one by one; a line of JSON each out: what it was, and the difference seen. */
import { chmodSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { run } from '../../support/machine.js'
import { isPrivate } from '../../support/private-machine.js'
import { difference, snapshot } from '../machine.js'
import { hasNft } from '../network.js'
import { asleep, furnish, sleeper } from '../surroundings.js'

if (!isPrivate()) throw new Error('only in a machine of its own')
const { namespaces } = furnish('crowded', 'lab')

const traces: Readonly<Record<string, () => unknown>> = {
  'nothing at all': () => {},
  'a namespace by name': () => run('ip', 'netns', 'add', 'lab.a'),
  'a namespace that only a process is in': () => asleep('unshare', '--net'),
  'a process in a namespace of others': () => sleeper('plain'),
  'a mount': () => run('mount', '-t', 'tmpfs', 'left', '/run/user'),
  'a mount that went': () => run('umount', '/run/foreign'),
  'a link': () => run('ip', 'link', 'add', 'name', 'left0', 'type', 'bridge'),
  'a link with another MTU': () => run('ip', 'link', 'set', 'dev', 'fv0', 'mtu', '1400'),
  'an address': () => run('ip', 'address', 'add', '192.0.2.77/24', 'dev', 'fv1'),
  'a route': () => run('ip', 'route', 'add', '198.18.0.0/24', 'via', '192.0.2.2'),
  'an IPv6 route': () => run('ip', '-6', 'route', 'add', 'blackhole', '2001:db8::/32'),
  'a route in another table': () => run('ip', 'route', 'del', 'blackhole', '203.0.113.0/24', 'table', '77'),
  'a rule': () => run('ip', 'rule', 'del', 'priority', '777'),
  'an IPv6 rule': () => run('ip', '-6', 'rule', 'add', 'from', '2001:db8::/32', 'table', '5'),
  'a neighbour': () => run('ip', 'neigh', 'del', '192.0.2.9', 'dev', 'fv1'),
  'an address in a namespace of others': () => run('ip', '-n', 'plain', 'address', 'flush', 'dev', 'eth0'),
  'a file': () => writeFileSync('/run/left', ''),
  'another text in a file': () => writeFileSync('/run/foreign-text', 'other'),
  'the mode of a file': () => chmodSync('/run/nstopo-something', 0o600),
  'a folder': () => mkdirSync('/run/nstopo.d/left'),
  'where a link leads': () => {
    rmSync('/run/netns/dangling')
    symlinkSync('/elsewhere', '/run/netns/dangling')
  },
  'a setting': () => run('sysctl', '-q', '-w', 'net.ipv4.conf.fv0.forwarding=1'),
  'a descriptor': () => openSync('/run/nstopo-something', 'r'),
}
const rules = { 'an nft rule': () => run('nft', 'add table inet left') }

writeFileSync('/run/foreign-text', 'one')
for (const [name, leave] of Object.entries({ ...traces, ...(hasNft ? rules : {}) })) {
  const before = snapshot(namespaces)
  leave()
  console.log(JSON.stringify({ name, seen: difference(before, snapshot(namespaces)) }))
}
process.exit(0)
