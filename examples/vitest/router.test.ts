import { lab } from 'nstopo'
import { expect, test } from 'vitest'

test('the router forwards', async () => {
  await using net = await lab('router.yaml')
  const to = 'BREAK' in process.env ? '10.9.9.9' : net.address('h2')
  const { stdout } = await net.node('h1').exec('ping', ['-c1', '-W5', to])
  expect(stdout).toContain(' 0% packet loss')
})

test('a program is ready when it listens', async () => {
  await using net = await lab('router.yaml')
  const script = "require('http').createServer((_, reply) => reply.end('hello')).listen(80)"
  await net.node('h2').spawn(process.execPath, ['-e', script], { ready: { listen: 'tcp/80' } })
  const reply = await net.node('h1').fetch('http://h2/')
  expect(await reply.text()).toBe('hello')
})
