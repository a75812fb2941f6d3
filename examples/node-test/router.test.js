import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lab } from 'nstopo'

test('the router forwards', async () => {
  const net = await lab('router.yaml')
  try {
    await net.node('h1').exec('ping', ['-c1', '-W5', 'BREAK' in process.env ? '10.9.9.9' : net.address('h2')])
  } finally {
    await net[Symbol.asyncDispose]()
  }
})

test('a socket of this program talks to one of its own, across the router', async () => {
  const net = await lab('router.yaml')
  try {
    const server = await net.node('h2').listen('tcp', 7)
    server.on('connection', socket => socket.pipe(socket))
    const socket = await net.node('h1').connect('tcp', 'h2', 7)
    socket.write('echo')
    for await (const bytes of socket) {
      assert.equal(`${bytes}`, 'echo')
      break
    }
  } finally {
    await net[Symbol.asyncDispose]()
  }
})
