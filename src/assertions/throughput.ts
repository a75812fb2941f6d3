/** Two nodes in; how much one TCP connection carries from one to the other out. */
import type { Socket } from 'node:net'
import type { Target } from '../explain.js'
import { SystemError } from '../kernel/kernel.js'
import type { AssertionOf } from '../model/assertion.js'
import type { Bench, Doubt } from './bench.js'
import { inEach } from './targets.js'

/** Milliseconds that are measured, after those in which the connection gets going. */
const measured = 500
const starting = 100
const piece = Buffer.alloc(256 * 1024)

/** One family after the other, as they share the way. */
export function carries(bench: Bench, wanted: AssertionOf<'throughput'>, left: number): Promise<Doubt> {
  let before: Promise<Doubt> = Promise.resolve(undefined)
  return inEach(bench, wanted, target => {
    before = before.then(() => carriesTo(bench, target, wanted, left))
    return before
  })
}

async function carriesTo(
  { scene }: Bench,
  target: Target,
  { from, atLeast }: AssertionOf<'throughput'>,
  left: number,
): Promise<Doubt> {
  if (!target.node) return `no node has the address ${target.address}`
  let taken = 0
  try {
    const server = await scene.probes.serve(target.node, target.address, socket => {
      socket.on('error', () => {})
      socket.on('data', ({ length }) => {
        taken += length
      })
    })
    try {
      const socket = await scene.probes.connect(from, { address: target.address, port: server.port }, left)
      const bits = await rateOf(socket, () => taken)
      return bits >= atLeast ? undefined : `${inWords(bits)} go through, not ${inWords(atLeast)}`
    } finally {
      server.close()
    }
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
    return thrown.text.toLowerCase()
  }
}

/** Bits a second; what is underway when the time is over is not counted. */
async function rateOf(socket: Socket, taken: () => number): Promise<number> {
  socket.on('error', () => {})
  const fill = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', fill)
  fill()
  await wait(starting)
  const [begun, before] = [performance.now(), taken()]
  await wait(measured)
  const bits = ((taken() - before) * 8 * 1000) / (performance.now() - begun)
  socket.destroy()
  return bits
}

const wait = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

function inWords(bits: number): string {
  const [unit, size] =
    bits >= 1e9 ? (['gbit', 1e9] as const) : bits >= 1e6 ? (['mbit', 1e6] as const) : (['kbit', 1e3] as const)
  return `${Number((bits / size).toPrecision(3))}${unit}`
}
