/** What forbids user namespaces here, told by the step that was refused and by what the machine says of itself. */
import assert from 'node:assert/strict'
import { SystemError } from '../../src/kernel/kernel.js'
import { explain } from '../../src/kernel/rootless/forbidden.js'
import { asUser, threeNodes } from './user.js'

const refused = (operation: string, errno = 'EPERM') => new SystemError(operation, errno, 'as strerror has it')
const machine = (files: Readonly<Record<string, string>>) => (path: string) => files[path.replace('/proc/', '')]

describe('without root: what forbids it', () => {
  for (const [what, step, files, words, fix] of [
    [
      'Debian’s switch',
      refused('make a user namespace'),
      { 'sys/kernel/unprivileged_userns_clone': '0' },
      /unprivileged_userns_clone is 0/,
      'sudo sysctl -w kernel.unprivileged_userns_clone=1',
    ],
    [
      'Ubuntu’s restriction',
      refused('map the user’s own id'),
      { 'sys/kernel/unprivileged_userns_clone': '1', 'sys/kernel/apparmor_restrict_unprivileged_userns': '1' },
      /AppArmor/,
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    [
      'the kernel’s limit of none',
      refused('make a user namespace', 'ENOSPC'),
      { 'sys/user/max_user_namespaces': '0' },
      /max_user_namespaces is 0/,
      'sudo sysctl -w user.max_user_namespaces=15000',
    ],
    [
      'the kernel’s limit, reached',
      refused('make a user namespace', 'ENOSPC'),
      { 'sys/user/max_user_namespaces': '12' },
      /as many as may be/,
      'sudo sysctl -w user.max_user_namespaces=15000',
    ],
    [
      'a container that hides parts of /proc',
      refused('mount /proc'),
      {},
      /hides parts of \/proc/,
      /systempaths=unconfined/,
    ],
    [
      'a container’s seccomp profile',
      refused('make a user namespace'),
      { 'self/status': 'Name:\tnode\nSeccomp:\t2\n' },
      /seccomp/,
      /seccomp=unconfined/,
    ],
    ['a folder of somebody else’s', refused('use /tmp/nstopo-7'), {}, /use \/tmp\/nstopo-7: EPERM/, /XDG_RUNTIME_DIR/],
    ['whatever else', refused('make a mount namespace', 'ENOMEM'), {}, /make a mount namespace: ENOMEM/, /sudo nstopo/],
  ] as const)
    it(what, () => {
      const told = explain(step, machine(files))
      assert.match(told.message, words)
      if (typeof fix === 'string') assert.equal(told.fix, fix)
      else assert.match(told.fix, fix)
    })

  /** `run` is told by the steps that hold it, without Node: it is to say the same. */
  const refusedFor = (command: string, prepare = '') => {
    const script = `${threeNodes}
      for words in "up lab.yaml" "run lab.yaml -- true"; do ${command} $words; echo $?; done`
    const { stdout, stderr } = asUser(script, { prepare })
    assert.equal(stdout, '5\n125\n', stderr)
    const lines = stderr.trimEnd().split('\n')
    assert.deepEqual(lines.slice(2), lines.slice(0, 2))
    return stderr
  }

  it('is told by a real seccomp profile', () => {
    const told = refusedFor('python3 /run/checkout/test/rootless/programs/seccomp.py nstopo')
    assert.match(told, /this container’s seccomp profile forbids it \(make a user namespace: EPERM\)/)
    assert.match(told, /hint: start the container with --security-opt seccomp=unconfined/)
  })

  it('is told to root, too', () => {
    const script = `${threeNodes}
      python3 /run/checkout/test/rootless/programs/seccomp.py nstopo run lab.yaml -- true; echo $?`
    const { stdout, stderr } = asUser(script, { root: true })
    assert.equal(stdout, '125\n')
    assert.match(
      stderr,
      /^error: a run has mounts .*that is refused: make a mount namespace: EPERM.*\n {3}hint: start the container/,
    )
  })

  it('is not a /sys that is only to be read', () => {
    const script = `${threeNodes}
      nstopo run lab.yaml -- nstopo exec a -- ls /sys/class/net`
    const { stdout, stderr } = asUser(script, { prepare: 'mount -o remount,bind,ro /sys' })
    assert.deepEqual([stdout, stderr], ['eth0\nlo\n', ''])
  })

  it('is told where parts of /proc are hidden, as a container has them', () => {
    const told = refusedFor('nstopo', 'mount -t tmpfs -o ro tmpfs /proc/driver')
    assert.match(told, /this container hides parts of \/proc/)
    assert.match(told, /hint: start the container with .*systempaths=unconfined/)
  })
})
