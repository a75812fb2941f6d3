import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { linux } from '../../src/kernel/linux.js'
import { batch, create, kindOf, newLink, withLab } from './lab.js'

const enter = (...words: readonly string[]) =>
  spawnSync('node', ['--import', 'tsx', 'test/kernel/programs/enter.ts', ...words], {
    encoding: 'utf8',
    input: 'from outside\n',
  })

describe('entering a node', () => {
  it('shows its interfaces alone, in /sys too, and leaves nothing of ours around the command', () =>
    withLab(['a'], space => {
      space.send('a', batch(newLink({ index: 1000, flags: create }, ...kindOf('only', 'bridge'))))
      space.home()
      const script = `ls /sys/class/net | sort | tr '\\n' ' '; echo "$GREETING"; cat; readlink /proc/self/ns/net
        grep -E '^(SigIgn|SigBlk)' /proc/self/status; ulimit -n; ls /proc/self/fd | tr '\\n' ' '; echo; tr '\\0' ' ' < /proc/$$/cmdline | head -c 5; exit 7`
      const { status, stdout, stderr } = enter(space.lab, 'a', 'sh', '-c', script)
      const lines = stdout.split('\n')
      assert.equal(stderr, '')
      assert.equal(status, 7)
      assert.deepEqual(lines.slice(0, 3), ['lo only hello there', 'from outside', `net:[${space.nodes().get('a')}]`])
      assert.deepEqual(
        lines.slice(3, 5).map(line => line.replace(/\s/g, '')),
        ['SigBlk:0000000000000000', 'SigIgn:0000000000000000'],
      )
      // What a program that we start has open: the standard streams, the folder that ls reads, what we inherited ourselves.
      const usual = spawnSync('ls', ['/proc/self/fd'], { encoding: 'utf8' }).stdout.replaceAll('\n', ' ')
      assert.equal(lines[6], usual)
      assert.equal(lines[7], 'sh -c')
    }))

  it('passes a signal’s end on', () =>
    withLab(['a'], space => assert.equal(enter(space.lab, 'a', 'sh', '-c', 'kill -INT $$').signal, 'SIGINT')))

  it('says 127 for what is not found and 126 for what cannot be executed', () =>
    withLab(['a'], space => {
      const folder = mkdtempSync(`${tmpdir()}/kt-`)
      writeFileSync(`${folder}/plain`, 'echo from a text: $1\n')
      const results = [
        enter(space.lab, 'a', 'no-such-command-anywhere'),
        enter(space.lab, 'a', `${folder}/missing`),
        enter(space.lab, 'a', `${folder}/plain`),
        enter(space.lab, 'a', folder),
      ]
      chmodSync(`${folder}/plain`, 0o755)
      const text = enter(space.lab, 'a', `${folder}/plain`, 'x')
      rmSync(folder, { recursive: true })
      assert.deepEqual(
        results.map(({ status }) => status),
        [127, 127, 126, 126],
      )
      assert.match(results[0]!.stderr, /^error: there is no command no-such-command-anywhere {2}\[not-found\]$/m)
      assert.equal(text.stdout, 'from a text: x\n')
    }))
})

describe('what this machine can do', () => {
  it('is found by trying', () => {
    const checks = linux().checks()
    const core = checks.filter(check => check.core)
    assert.deepEqual(
      core.map(({ name }) => name),
      ['permission', 'namespaces', 'veth', 'bridge', 'tmpfs'],
    )
    assert.ok(core.every(({ ok }) => ok))
    assert.ok(checks.filter(({ ok }) => !ok).every(({ fix, name }) => fix !== undefined || name === 'procfs'))
  })

  it('is nothing as an ordinary user, or in a mount namespace that sends no mounts out', () => {
    const script = `import { linux } from './src/kernel/linux.ts'; console.log(JSON.stringify(linux().obstacle() ?? null))`
    const run = (...prefix: readonly string[]) => {
      const words = [...prefix, 'node', '--import', 'tsx', '--input-type=module', '-e', script]
      return JSON.parse(spawnSync(words[0]!, words.slice(1), { encoding: 'utf8' }).stdout)
    }
    assert.equal(run('env'), null)
    assert.equal(run('setpriv', '--reuid=65534', '--clear-groups').because, 'permission')
    assert.equal(run('setpriv', '--bounding-set=-sys_admin').because, 'permission')
    withLab(['a'], space => {
      const inside = run('ip', 'netns', 'exec', `${space.lab}.a`)
      assert.equal(inside.because, 'place')
      assert.match(inside.message, /mount namespace/)
    })
  })
})
