/** The door to the walk: a lab as it stands, a node and a destination in; what becomes of packets between them out. */

import { passage, type Question } from './explain/passage.js'
import type { Scene } from './explain/scene.js'
import { targetsOf } from './explain/target.js'
import type { Passage } from './model/explanation.js'

export { wayThere } from './explain/passage.js'
export type { Scene } from './explain/scene.js'
export { type Target, targetsOf } from './explain/target.js'

/** Every family that both ends speak; none where the destination is unknown, or they have none in common. */
export async function passages(
  scene: Scene,
  { from, to, ...rest }: Pick<Question, 'from' | 'bytes' | 'signal'> & { readonly to: string },
): Promise<readonly Passage[]> {
  const found: Passage[] = []
  for (const { family, address, prefix, node } of targetsOf(scene, from, to))
    found.push(await passage(scene, { ...rest, from, to: node, family, destination: address, prefix }))
  return found
}
