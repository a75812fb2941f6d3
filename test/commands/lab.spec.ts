import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder, json, labName, nstopo, root, twoHosts } from './program.js'

describe('commands: a lab', () => {
  const lab = labName('lab')

  it('goes up, is looked at, run in, changed, and taken down', () => {
    inFolder({ 'lab.yaml': `name: ${lab}\n${twoHosts}` }, cwd => {
      const run = (...words: readonly string[]) => nstopo(words, { cwd })
      try {
        assert.equal(run('diff').status, 1)
        assert.deepEqual([run('up').stderr, run('diff').status], ['', 0])
        assert.match(run('up').stdout, /is up already: 2 nodes, 1 link, nothing to do/)
        assert.equal(run('diff').status, 0)
        assert.equal(run('diff', lab).status, 0)
        assert.ok(run('ls', '-q').stdout.split('\n').includes(lab))
        assert.match(run('inspect', '-n', 'h1').stdout, /10\.0\.0\.1\/24/)
        const links = execFileSync('ip', ['-n', `${lab}.h1`, '-j', 'addr', 'show', 'eth0'], { encoding: 'utf8' })
        assert.match(links, /"local":"10\.0\.0\.1"/)
        execFileSync('ip', ['-n', `${lab}.h1`, 'link', 'set', 'eth0', 'mtu', '1400'])
        const differs = run('diff')
        assert.equal(differs.status, 1)
        assert.match(differs.stdout, /mtu is 1400, should be 1500 +lab\.yaml:\d+:\d+/)
        assert.match(run('plan').stdout, /update link h1:eth0: mtu 1400 → 1500/)
        assert.match(run('up').stdout, /is changed: 1 operation: 1 to update/)
        assert.match(run('down').stdout, /is down: 2 nodes/)
        assert.match(run('down', lab).stdout, /was not up/)
      } finally {
        run('down', lab)
      }
    })
  })

  it('gives exec the command’s own status, streams and environment; its own failures are 125 to 127', () => {
    const own = labName('exec')
    inFolder({ 'lab.yaml': `name: ${own}\n${twoHosts}`, plain: 'no program' }, cwd => {
      const run = (...words: readonly string[]) => nstopo(words, { cwd, input: 'in' })
      try {
        assert.deepEqual([run('up').stderr, run('diff').status], ['', 0])
        const inside = run('exec', 'h1', '--', 'sh', '-c', 'cat; echo "$NSTOPO_LAB $NSTOPO_NODE"; echo e >&2; exit 7')
        assert.deepEqual(inside, { status: 7, stdout: `in${own} h1\n`, stderr: 'e\n' })
        assert.equal(run('exec', own, 'h2', '--', 'kill', '-l').status, 0)
        assert.equal(run('exec', 'h1', '--', 'no-such-program').status, 127)
        assert.equal(run('exec', 'h1', '--', './plain').status, 126)
        const unknown = run('exec', 'h3', '--', 'true')
        assert.equal(unknown.status, 125)
        assert.match(unknown.stderr, /did you mean h1 or h2/)
        const all = run('exec', '--all', '--', 'sh', '-c', 'printf "%s\\nend" $NSTOPO_NODE')
        assert.deepEqual(all.stdout.split('\n').sort(), ['', 'h1 | end', 'h1 | h1', 'h2 | end', 'h2 | h2'])
        assert.equal(run('exec', '-n', 'h1,h2', '--', 'sh', '-c', 'test $NSTOPO_NODE = h1 || exit 9').status, 9)
        const { result } = json('exec', ['-n', 'h2', '--', 'echo', 'hi'], cwd)
        assert.deepEqual(result.nodes, [{ node: 'h2', status: 0, stdout: 'hi\n', stderr: '' }])
      } finally {
        run('down', own)
      }
    })
  })

  it('prints one document with --json, as its schema says, whatever happens', () => {
    const own = labName('json')
    inFolder({ 'lab.yaml': `name: ${own}\n${twoHosts}`, 'bad.yaml': 'nodes: {h1: {kind: toaster}}' }, cwd => {
      try {
        assert.equal(json('validate', [], cwd).result.nodes, 2)
        assert.equal(json('validate', ['bad.yaml'], cwd).status, 2)
        assert.deepEqual(json('graph', [], cwd).result.links, [['h1:eth0', 'h2:eth0']])
        assert.ok(json('plan', [], cwd).result.operations.length > 0)
        assert.equal(json('plan', ['bad.yaml'], cwd).status, 2)
        assert.equal(json('diff', [], cwd).status, 1)
        assert.equal(json('up', ['bad.yaml'], cwd).status, 2)
        assert.equal(json('up', [], cwd).result.fresh, true)
        assert.equal(json('diff', [], cwd).status, 0)
        assert.ok(json('ls', [], cwd).result.some(each => each.lab === own))
        assert.equal(json('inspect', [], cwd).result.nodes.length, 2)
        assert.equal(json('inspect', ['no-such-lab'], cwd).diagnostics[0]?.code, 'not-up')
        assert.equal(json('down', [], cwd).result.labs[0]?.wasUp, true)
        assert.equal(json('doctor', [], cwd).command, 'doctor')
        assert.equal(json('version', [], cwd).status, 0)
      } finally {
        nstopo(['down', own])
      }
    })
  })

  it('is made by a saved plan, unless the kernel has moved on', () => {
    const own = labName('saved')
    inFolder({ 'lab.yaml': `name: ${own}\n${twoHosts}` }, cwd => {
      const run = (...words: readonly string[]) => nstopo(words, { cwd })
      try {
        assert.equal(run('plan', '--format', 'json', '-o', 'saved.json').status, 0)
        assert.equal(run('up', '--plan', 'saved.json').status, 0)
        const again = run('up', '--plan', 'saved.json')
        assert.deepEqual([again.status, /plan-outdated/.test(again.stderr)], [2, true])
        assert.match(run('up', '--plan', 'lab.yaml').stderr, /is no plan/)
      } finally {
        run('down', own)
      }
    })
  })

  it('is not taken down by a file that did not make it, nor because it is the only one', () => {
    const own = labName('whose')
    const text = `name: ${own}\n${twoHosts}`
    const files = { 'lab.yaml': text, 'other.yaml': text }
    inFolder(files, cwd => {
      try {
        assert.equal(nstopo(['up', 'lab.yaml'], { cwd }).status, 0)
        const other = nstopo(['down', 'other.yaml'], { cwd })
        assert.deepEqual([other.status, other.stdout], [2, ''])
        assert.match(other.stderr, /other-file.*\n.*nstopo down cmd\d+-whose/)
        for (const elsewhere of [{}, { 'a.nstopo.yaml': twoHosts, 'b.nstopo.yaml': twoHosts }])
          inFolder(elsewhere, empty => {
            const unnamed = nstopo(['down'], { cwd: empty })
            assert.deepEqual([unnamed.status, unnamed.stdout], [2, ''])
            assert.match(unnamed.stderr, Object.keys(elsewhere).length > 0 ? /several topologies/ : /nstopo down LAB/)
          })
        assert.match(nstopo(['ls', '-q']).stdout, new RegExp(`^${own}$`, 'm'))
        const byFile = nstopo(['exec', 'lab.yaml', 'h1'], { cwd })
        assert.match(byFile.stderr, /nstopo exec lab\.yaml h1 -- COMMAND/)
        assert.match(nstopo(['exec', own, 'h1', 'ip', 'a'], { cwd }).stderr, /nstopo exec \S+ h1 -- ip a/)
      } finally {
        nstopo(['down', own])
      }
    })
  })

  it('whose reader goes away ends what runs side by side', () => {
    const own = labName('pipe')
    inFolder({ 'lab.yaml': `name: ${own}\n${twoHosts}` }, cwd => {
      try {
        assert.equal(nstopo(['up'], { cwd }).status, 0)
        const line = `"$0" "$1" exec --all -- yes | head -n 1`
        const words = ['-c', line, process.execPath, join(root, 'dist/nstopo.cjs')]
        const out = execFileSync('sh', words, { cwd, encoding: 'utf8', timeout: 300_000 })
        assert.match(out, /^h[12] \| y\n$/)
      } finally {
        nstopo(['down', own])
      }
    })
  })

  it('that is not up differs, and has nothing to take away', () => {
    const { status, stderr } = nstopo(['diff', labName('none')])
    assert.equal(status, 1)
    assert.match(stderr, /is not up {2}\[not-up\]/)
    const state = { NSTOPO_STATE_DIR: '/run/nstopo-nobody' }
    assert.deepEqual(nstopo(['down', '--all'], { env: state }), { status: 0, stdout: 'no lab is up\n', stderr: '' })
    assert.deepEqual(nstopo(['down', 'Not/../'], {}).status, 2)
    assert.match(nstopo(['down', 'x y']).stderr, /x y is no lab’s name/)
  })

  it('that somebody holds is taken down, and who holds it is named', () => {
    const own = labName('held')
    inFolder({ 'lab.yaml': `name: ${own}\n${twoHosts}` }, cwd => {
      assert.equal(nstopo(['up'], { cwd }).status, 0)
      const descriptor = openSync(`/run/netns/${own}.h1`, 'r')
      try {
        const { status, stderr } = nstopo(['down', own])
        assert.equal(status, 2)
        assert.match(stderr, new RegExp(`still-held[\\s\\S]*${process.pid}`))
      } finally {
        closeSync(descriptor)
        nstopo(['down', own])
      }
    })
  })
})
