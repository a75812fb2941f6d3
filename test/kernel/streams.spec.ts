import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connectTcp, serveTcp } from '../../src/kernel/probes/streams.js'

const here = <T>(open: () => T): T => open()

describe('a probe’s server', () => {
  it('closes with what it has taken, whatever the other side still wants to say', async () => {
    let taken = () => {}
    const took = new Promise<void>(resolve => {
      taken = resolve
    })
    const server = await serveTcp(here, '127.0.0.1', () => taken())
    const client = await connectTcp(here, { address: '127.0.0.1', port: server.port }, 20_000)
    client.on('error', () => {}).resume()
    await took
    server.close()
    await once(client, 'close')
    assert.ok(client.destroyed)
  })
})
