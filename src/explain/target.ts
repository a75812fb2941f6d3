/** What a person calls a destination in; the addresses that are meant, and whose they are, out. */
import { formatPrefix, networkOf, parseAddress, parsePrefix } from '../model/ip.js'
import type { Family } from '../model/network.js'
import type { Address } from '../model/state.js'
import { holds } from './choice.js'
import { heldBy, type Scene } from './scene.js'

export interface Target {
  readonly family: Family
  readonly address: string
  /** The node that has it. */
  readonly node?: string
  /** Its subnet, for words; the address alone where that says as much. */
  readonly prefix: string
}

/** @param word a node, `node:interface`, or an address; none are found where it is none of them */
export function targetsOf(scene: Scene, from: string, word: string): readonly Target[] {
  const literal = parseAddress(word)
  if (literal) {
    const owner = ownerOf(scene, word)
    return [owner ? targetOf(owner) : { family: literal.family, address: word, prefix: word }]
  }
  const at = word.indexOf(':')
  const [node, dev] = at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
  const own = addressesOf(scene, node).filter(address => (dev ?? address.dev) === address.dev)
  const speaks = new Set(addressesOf(scene, from).map(address => address.family))
  return ([4, 6] as const).flatMap(family => {
    const best = nearest(
      scene,
      from,
      own.filter(address => address.family === family),
    )
    return best && speaks.has(family) ? [targetOf(best)] : []
  })
}

/** What it has, and what it should have: a link that goes down takes addresses along. Not those of the node alone, or of one link. */
function addressesOf({ state, applied }: Scene, node: string): readonly Address[] {
  const all = [...heldBy(applied?.state, node, 'address'), ...heldBy(state, node, 'address')]
  return [...new Map(all.map(address => [`${address.dev} ${address.address}`, address])).values()].filter(isPublic)
}

/** The subnet of an address, for words; the address itself where nobody has it. */
export function prefixOf(scene: Scene, address: string): string {
  const owner = ownerOf(scene, address)
  return owner ? targetOf(owner).prefix : address
}

function ownerOf(scene: Scene, address: string): Address | undefined {
  for (const node of scene.state.keys())
    for (const held of addressesOf(scene, node)) if (held.address === address) return held
  return undefined
}

function isPublic({ address }: Address): boolean {
  return !/^(127\.|::1$|fe[89ab])/.test(address)
}

/** One in a subnet of the sender’s; else the first of an interface that leads somewhere; else the loopback’s. */
function nearest(scene: Scene, from: string, own: readonly Address[]): Address | undefined {
  const subnets = addressesOf(scene, from)
  const shared = own.find(({ address }) => subnets.some(one => holds(`${one.address}/${one.prefixLength}`, address)))
  return shared ?? own.find(({ dev }) => dev !== 'lo') ?? own[0]
}

function targetOf({ family, address, prefixLength, node }: Address): Target {
  const prefix = parsePrefix(`${address}/${prefixLength}`)
  const whole = prefix && prefix.length < (family === 4 ? 32 : 128)
  return { family, address, node, prefix: whole ? formatPrefix(networkOf(prefix)) : address }
}
