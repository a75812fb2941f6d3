import assert from 'node:assert/strict'
import { asUser } from '../rootless/user.js'

const project = `mkdir node_modules && ln -s /run/checkout node_modules/nstopo
cp /run/checkout/examples/node-test/* .
`
const program = "import { lab } from 'nstopo'; await lab('router.yaml').catch(error => console.log(error.message))"

describe('the library of an ordinary user', () => {
  it('says how a program gets where a lab can be made', () => {
    const { status, stdout } = asUser(`${project} node --input-type=module -e "${program}"`)
    assert.deepEqual([status, stdout.split(': ')[0]], [0, 'a lab takes root, or a user namespace of its own'])
  })

  it('passes the tests of an example, and names the folder of one that fails', () => {
    const test = 'node --import nstopo/rootless --import nstopo/node-test --test'
    const { status, stdout, stderr } = asUser(
      `${project} ${test} && ! BREAK=1 ${test} && cat nstopo-failures/*/diff.txt`,
    )
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, /pass 2\n.*pass 1\n.*no differences\n$/s)
  })
})
