/** What a plan needs → what this machine has too little of for it, with the command that mends each. Nothing is changed. */

import type { Needs } from '../model/needs.js'
import { labFolder } from './home.js'
import type { Shortage } from './kernel.js'
import { descriptorShortages } from './limits/descriptors.js'
import { missingFeatures } from './limits/features.js'
import { type Roots, roots as real } from './limits/figures.js'
import { hostShortages } from './limits/hosts.js'
import { limitShortages } from './limits/limiting.js'
import { memoryShortages } from './limits/memory.js'
import { mountShortages, namespaceShortages } from './limits/namespaces.js'
import { neighbourShortages } from './limits/neighbours.js'
import { goHome } from './thread.js'

/** In the order of their weight: without what stands first, what follows is of little interest. @param home the state folder */
export function findShortages(needs: Needs, home: string, roots: Roots = real): readonly Shortage[] {
  // The tables are told in the first namespace only, and links are asked for where one may make them.
  goHome()
  return [
    ...missingFeatures(needs, roots),
    ...(needs.hosts ? hostShortages(needs.hosts, roots) : []),
    ...(needs.hosts ? limitShortages(needs.hosts, roots) : []),
    ...longNames(needs, home),
    ...fullBridges(needs),
    ...namespaceShortages(needs, roots),
    ...mountShortages(needs, roots),
    ...descriptorShortages(needs, roots),
    ...memoryShortages(needs, roots),
    ...neighbourShortages(needs, roots),
  ]
}

/** PATH_MAX, without the byte that ends a path. */
const longestPath = 4095

function longNames({ lab, longest }: Needs, home: string): readonly Shortage[] {
  const path = `${labFolder(home, lab)}/ns/${longest}`
  if (Buffer.byteLength(path) <= longestPath) return []
  const message = `the name of the node ${longest} would have ${Buffer.byteLength(path)} bytes, and a path has at most ${longestPath}`
  return [{ message, fix: 'unset NSTOPO_STATE_DIR, or a shorter folder there', fatal: true }]
}

/** BR_MAX_PORTS less the one that is kept back; what a file alone asks for is told when it is read. */
const mostPorts = 1023

function fullBridges({ lab, fullest }: Needs): readonly Shortage[] {
  if (!fullest || fullest.ports <= mostPorts) return []
  const { node, bridge, ports } = fullest
  const message = `${node}:${bridge} would have ${ports} ports for a moment, as new ones come before old ones go; a bridge takes ${mostPorts}`
  return [{ message, fix: `nstopo down ${lab}, then up again`, fatal: true }]
}
