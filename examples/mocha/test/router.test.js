import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { lab } from 'nstopo'

describe('the router', () => {
  let net
  before(async () => {
    net = await lab('router.yaml')
  })
  after(() => net.down())

  it('forwards', async () => {
    const { stdout } = await net.node('h1').exec('ping', ['-c1', '-W5', net.address('h2')])
    assert.match(stdout, / 0% packet loss/)
  })

  it('serves what this program serves, to the other side', async () => {
    const hello = createServer((request, response) => response.end(`hello ${request.socket.remoteAddress}`))
    await net.node('h2').listen(hello, 80, { host: '0.0.0.0' })
    const reply = await net.node('h1').fetch('http://h2/')
    assert.equal(await reply.text(), `hello ${net.address('h1')}`)
  })

  it('carries smaller packets after a change in place', async () => {
    await net.apply(topology => {
      topology.links[1].mtu = 1400
    })
    const { stdout } = await net.node('gw').exec('ip', ['link', 'show', 'eth1'])
    assert.match(stdout, / mtu 1400 /)
  })
})
