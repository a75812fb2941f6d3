/** An interface that a packet comes by in; the setting for which it is dropped there, if any, out (ip-sysctl.rst). */
import type { Reason } from '../model/explanation.js'
import type { Link } from '../model/state.js'
import { choose } from './choice.js'
import { type Flow, lineOf, noted, type Scene, setting } from './scene.js'

interface Setting {
  readonly why: Reason['why']
  readonly said: string
  readonly words: string
}

/** A setting that stops packets, with its line in the file. */
export function setOff(scene: Scene, node: string, { why, said, words }: Setting): Reason {
  const at = scene.applied?.state.get(node)?.sysctl.get(said)?.at
  return { node, why, text: noted(words, lineOf(scene, at)), ...(at && { at }) }
}

/** Reverse path filtering (RFC 3704): 1 wants the way back to be by the same interface, 2 that there is one. */
export function unbelieved(scene: Scene, by: Link, { family, source, destination }: Flow): Reason | undefined {
  const names = ['all', by.name].map(name => `net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter`)
  const values = names.map(name => setting(scene, by.node, name))
  const mode = Math.max(...values)
  if (mode === 0 || source === undefined) return undefined
  // As fib_validate_source asks: from the destination, as if it began here. RTM_GETROUTE would want that to be our own.
  const back: Flow = { family, source: destination, destination: source, prefix: source }
  const { route } = choose(scene.state, { node: by.node, iif: 'lo' }, back)
  const ways = (route?.action === 'unicast' ? route.nextHops : []).map(hop => hop.dev)
  if (route?.action === 'local' || (mode === 2 ? ways.length > 0 : ways.includes(by.name))) return undefined
  const said = names[values.indexOf(mode)]!
  const where = ways[0] === undefined ? 'has no way back to it' : `would answer it by ${ways[0]}`
  const words = `rp_filter drops what comes from ${source} by ${by.name}: ${by.node} ${where}`
  return setOff(scene, by.node, { why: 'rp-filter', said, words })
}
