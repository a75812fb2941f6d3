const { lab } = require('nstopo')

test('the router forwards', async () => {
  const net = await lab('router.yaml')
  try {
    const to = 'BREAK' in process.env ? '10.9.9.9' : net.address('h2')
    const { stdout } = await net.node('h1').exec('ping', ['-c1', '-W5', to])
    expect(stdout).toContain(' 0% packet loss')
  } finally {
    await net[Symbol.asyncDispose]()
  }
})

test('names are those of the lab', async () => {
  const net = await lab('router.yaml')
  const server = await net.node('h2').listen('tcp', 7, { host: '0.0.0.0' })
  server.on('connection', socket => socket.end(socket.remoteAddress))
  const socket = await net.node('h1').connect('tcp', 'h2', 7)
  const bytes = await new Promise(resolve => socket.once('data', resolve))
  expect(`${bytes}`).toBe(net.address('h1'))
  await net.down()
})
