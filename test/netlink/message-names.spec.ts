import assert from 'node:assert/strict'
import { Batch } from '../../src/netlink/batch.js'
import { messageName } from '../../src/netlink/message-names.js'
import { flag, linkMessage, MessageType, routeMessage, write } from '../../src/netlink/messages.js'

const link = (flags: number, kind?: string) => {
  const batch = new Batch()
  const attributes = kind === undefined ? {} : { info: { kind } }
  write(batch, [MessageType.NEWLINK, flags], [linkMessage, { index: 1, attributes }])
  return messageName(batch.bytes, 0)
}
const route = (type: number, flags = 0) => {
  const batch = new Batch()
  write(batch, [type, flags], [routeMessage, { family: 2, attributes: {} }])
  return messageName(batch.bytes, 0)
}

describe('netlink: what a message is called', () => {
  it('a link that is made by its kind, one that is changed as such', () => {
    assert.deepEqual(link(flag.create | flag.excl, 'vxlan'), { name: 'create vxlan', message: 'RTM_NEWLINK' })
    assert.deepEqual(link(0), { name: 'update link', message: 'RTM_NEWLINK' })
  })

  it('others by what is done to what', () => {
    const { NEWROUTE, DELROUTE, GETROUTE, GETADDR } = MessageType
    assert.deepEqual(route(NEWROUTE, flag.create | flag.excl), { name: 'create route', message: 'RTM_NEWROUTE' })
    assert.equal(route(NEWROUTE, flag.create | flag.replace).name, 'write route')
    assert.deepEqual(route(DELROUTE), { name: 'remove route', message: 'RTM_DELROUTE' })
    assert.deepEqual(route(GETROUTE, flag.dump), { name: 'list routes', message: 'RTM_GETROUTE' })
    assert.equal(route(GETADDR, flag.dump).name, 'list addresses')
  })

  it('one that nobody knows by its number', () => {
    assert.deepEqual(route(60_000), { name: 'update message', message: 'RTM_NEW_60000' })
  })
})
