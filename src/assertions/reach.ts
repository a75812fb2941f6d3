/** Senders and receivers in; whether echo requests between them are answered, which way they go, and how large they may be, out. */
import { type Target, wayThere } from '../explain.js'
import type { AssertionOf } from '../model/assertion.js'
import type { Bench, Doubt } from './bench.js'
import { type Ends, inEach, targetsFor } from './targets.js'

/** Milliseconds that an answer may take: the first tries are short, as most answers come at once. */
const tries = [100, 200, 400] as const

export function reached(bench: Bench, ends: Ends, left: number): Promise<Doubt> {
  const { probes } = bench.scene
  return inEach(bench, ends, async target =>
    (await answered(probes, ends.from, target, left)) ? undefined : `no answer from ${target.address}`,
  )
}

export async function unreached(bench: Bench, ends: Ends, left: number): Promise<Doubt> {
  for (const target of targetsFor(bench, ends))
    if (await answered(bench.scene.probes, ends.from, target, left)) return `${target.address} answers`
  return undefined
}

async function answered(
  probes: Bench['scene']['probes'],
  from: string,
  { address }: Target,
  left: number,
  bytes?: number,
): Promise<boolean> {
  for (const each of tries) {
    const echo = { to: address, within: Math.min(each, left), ...(bytes !== undefined && { bytes }) }
    const { milliseconds, errno } = await probes.echo(from, echo)
    if (milliseconds !== undefined) return true
    if (errno === 'EMSGSIZE') return false
  }
  return false
}

/** The way that the kernel would send them now. */
export async function passes(bench: Bench, ends: Ends, { via }: AssertionOf<'path'>, left: number): Promise<Doubt> {
  const doubt = await reached(bench, ends, left)
  if (doubt !== undefined) return doubt
  const scene = bench.look()
  for (const { family, address, prefix } of targetsFor({ scene }, ends)) {
    const { way } = wayThere(scene, ends.from, { family, destination: address, prefix })
    const nodes = way.hops.map(({ node }) => node)
    if (!inOrder(via, nodes.slice(1, -1))) return `the way is ${nodes.join(' → ')}`
  }
  return undefined
}

function inOrder(wanted: readonly string[], nodes: readonly string[]): boolean {
  let at = 0
  for (const node of nodes) if (node === wanted[at]) at++
  return at === wanted.length
}

/** So large, and not one byte larger. */
export function fits(bench: Bench, ends: Ends, { is }: AssertionOf<'mtu'>, left: number): Promise<Doubt> {
  const { probes } = bench.scene
  return inEach(bench, ends, async target => {
    if (!(await answered(probes, ends.from, target, left, is)))
      return `packets of ${is} bytes are not answered by ${target.address}`
    if (await answered(probes, ends.from, target, left, is + 1))
      return `packets of ${is + 1} bytes are answered by ${target.address}`
    return undefined
  })
}
