import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { until } from '../support/until.js'
import { type Lab, shell, withHosts } from './support.js'

const nobody = 65534

/** Connects, gives an order, and says what is answered until the other side hangs up or all is done. */
const caller = `
const socket = require('node:net').connect(process.argv[1], () => socket.write(process.argv[2] + '\\n'))
socket.setEncoding('utf8')
socket.on('data', text => {
  process.stdout.write(text)
  if (text.includes('"end"')) socket.destroy()
})
socket.on('error', ({ code }) => process.stdout.write(code + '\\n'))
`

function call({ folder }: Lab, uid: number, order: object): string {
  const words = ['-e', caller, `${folder}/supervisor/socket`, JSON.stringify({ orders: [{ index: 0, order }] })]
  const { stdout, stderr, error } = spawnSync(process.execPath, words, { encoding: 'utf8', uid, gid: uid, cwd: '/' })
  assert.deepEqual([error, stderr], [undefined, ''])
  return stdout
}

describe('the supervisor’s socket', () => {
  it('is for its own user, whatever the modes of its files say', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('held', 'exec sleep infinity'))
      const stop = { do: 'stop', node: 'a', name: 'held', forget: false }
      assert.equal(call(lab, nobody, stop), 'EACCES\n')
      chmodSync(`${lab.folder}/supervisor`, 0o755)
      chmodSync(`${lab.folder}/supervisor/socket`, 0o666)
      // The kernel lets him in now, and the supervisor asks it who he is: he is hung up on, unheard.
      assert.match(call(lab, nobody, stop), /^(EPIPE\n|ECONNRESET\n)?$/)
      assert.equal(lab.seen('held')?.state, 'running')
      assert.equal(call(lab, 0, stop), '{"done":0}\n{"end":true}\n')
      await until('it is stopped', () => lab.seen('held')?.state === 'stopped')
    }))
})
