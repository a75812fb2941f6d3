import assert from 'node:assert/strict'
import { lab } from 'nstopo'

it('has a lab of its own, beside those of other workers', async () => {
  const net = await lab('router.yaml')
  try {
    await net.node('h1').exec('ping', ['-c1', '-W5', 'BREAK' in process.env ? '10.9.9.9' : net.address('h2')])
    assert.equal(net.diff().differs, false)
  } finally {
    // `await using net = …` says the same where the program is compiled, or runs under Node 24 and newer.
    await net[Symbol.asyncDispose]()
  }
})
