/** A node without a way in; what the file says of one and the kernel does not hold any more, out. */
import type { Path } from '../model/document.js'
import type { Reason } from '../model/explanation.js'
import type { Address, Route } from '../model/state.js'
import { kindOf } from '../resources/index.js'
import { bestOf, choose, holds } from './choice.js'
import { type Flow, heldBy, lineOf, linkOf, noted, prefixName, type Scene } from './scene.js'

/** The kernel drops addresses and routes with their link; and anybody may have taken one away. */
export function lost(scene: Scene, node: string, flow: Flow): Reason | undefined {
  const wanted = scene.applied?.state.get(node)
  if (!scene.applied || !wanted) return undefined
  const own = heldBy(scene.applied.state, node, 'address').find(address => holds(nameOf(address), flow.destination))
  if (own)
    return lostBy(scene, node, {
      resource: own,
      devs: [own.dev],
      name: `the address ${nameOf(own)} on ${own.dev}`,
      gone: flow.prefix,
    })
  const route = choose(scene.applied.state, { node, iif: 'lo' }, flow).route ?? mainRoute(scene, node, flow)
  const devs = route?.nextHops.flatMap(({ dev }) => (dev === undefined ? [] : [dev])) ?? []
  return (
    route &&
    lostBy(scene, node, {
      resource: route,
      devs,
      name: `the route to ${prefixName(route.to)}`,
      gone: prefixName(route.to),
    })
  )
}

const nameOf = ({ address, prefixLength }: Address) => `${address}/${prefixLength}`

/** The rules that every node has are not said by any file. */
function mainRoute({ applied }: Scene, node: string, flow: Flow): Route | undefined {
  return bestOf(heldBy(applied?.state, node, 'route'), 254, flow)
}

interface Lost {
  readonly resource: Address | Route
  readonly devs: readonly string[]
  readonly name: string
  /** The destination of the route that went along with the link. */
  readonly gone: string
}

/** The link that took it along, if that is down; else the thing itself. */
function lostBy(scene: Scene, node: string, { resource, devs, name, gone }: Lost): Reason | undefined {
  const reason = (text: string, why: Reason['why'], at: Path | undefined): Reason => {
    return { node, why, text: noted(text, lineOf(scene, at)), ...(at && { at }) }
  }
  const said = (dev: string) => scene.applied?.state.get(node)?.link.get(dev)?.at
  const missing = devs.find(dev => !linkOf(scene, node, dev))
  if (missing !== undefined) return reason(`${missing} is not there`, 'link-down', said(missing))
  const down = devs.find(dev => !linkOf(scene, node, dev)!.up)
  if (down !== undefined) return reason(`${down} is down, and the route to ${gone} is gone`, 'link-down', said(down))
  const held = scene.state.get(node)?.[resource.type].has(kindOf(resource.type).key(resource))
  return held ? undefined : reason(`${name} is not there`, 'no-route', resource.at)
}
