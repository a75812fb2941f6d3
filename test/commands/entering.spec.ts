import assert from 'node:assert/strict'
import { json, labName, nstopo } from './program.js'

const file = `
nodes:
  plain: {}
  whole: { hostname: whole.example, isolate: [pid], environment: { ROLE: server, KEPT: own } }
links: [[plain, whole]]
`

describe('commands: exec as somebody, somewhere', () => {
  const lab = labName('enter')
  const exec = (...words: readonly string[]) => nstopo(['exec', ...words], { env: { ROLE: 'caller' } })
  const script = 'id -u; pwd; echo "$ROLE/$KEPT/$A"; hostname'

  before(() => {
    const { status, stderr } = nstopo(['up', '-'], { input: `name: ${lab}\n${file}` })
    assert.deepEqual([status, stderr], [0, ''])
  })
  after(() => {
    nstopo(['down', lab])
  })

  it('has the node’s environment over the caller’s, and what was asked for over both', () => {
    const of = (node: string, ...words: readonly string[]) => {
      const { stdout, stderr } = exec(...words, lab, node, '--', 'sh', '-c', script)
      assert.equal(stderr, '')
      return stdout.split('\n').slice(2, -1)
    }
    assert.deepEqual(of('plain'), ['caller//', 'plain'])
    assert.deepEqual(of('whole'), ['server/own/', 'whole.example'])
    assert.deepEqual(of('whole', '--env', 'ROLE=tester', '-e', 'A=b=c'), ['tester/own/b=c', 'whole.example'])
  })

  for (const node of ['plain', 'whole']) {
    it(`is the user, in the folder, in the node ${node}`, () => {
      const run = (...words: readonly string[]) => exec(...words, lab, node, '--', 'sh', '-c', 'id -u; pwd; echo $HOME')
      assert.equal(run('--user', 'nobody', '--workdir', '/var').stdout, '65534\n/var\n/nonexistent\n')
      assert.equal(run('-u', '1', '-w', '/').stdout.split('\n')[0], '1')
      const stranger = run('--user', 'nobody-else')
      assert.equal(stranger.status, 125)
      assert.match(stranger.stderr, /nobody-else/)
      assert.equal(run('--workdir', '/no/such').status, 125)
    })
  }

  it('is so in several nodes side by side too, and fails when one fails', () => {
    const words = ['--all', '-u', 'nobody', '-w', '/var', '-e', 'A=1']
    const { stdout, status } = exec(...words, lab, '--', 'sh', '-c', script)
    assert.equal(status, 0)
    assert.deepEqual(
      stdout.split('\n').filter(line => line.startsWith('whole')),
      ['whole | 65534', 'whole | /var', 'whole | server/own/1', 'whole | whole.example'],
    )
    const asked = ['-n', 'plain,whole', lab, '--', 'sh', '-c', 'hostname; [ $(hostname) = plain ] || kill $$']
    const { result, status: failed } = json('exec', asked, '/')
    assert.equal(failed, 143)
    assert.deepEqual(result.nodes, [
      { node: 'plain', status: 0, stdout: 'plain\n', stderr: '' },
      { node: 'whole', status: 143, stdout: 'whole.example\n', stderr: '' },
    ])
  })

  it('takes no variable without a value', () => {
    assert.match(exec('-e', 'A', lab, 'plain', '--', 'true').stderr, /--env A does not read NAME=VALUE/)
  })
})
