/** Two nodes and an address of each in; the way there and back, whether an answer came, and else why not, out. */
import type { Hop, Passage, Reason, Way } from '../model/explanation.js'
import { droppedAt } from './filters.js'
import { lookUp } from './lookup.js'
import type { Flow, Scene } from './scene.js'
import { prefixOf } from './target.js'
import { walk } from './walk.js'

export interface Question {
  readonly from: string
  /** The node that has the address, where there is one. */
  readonly to: string | undefined
  readonly family: 4 | 6
  readonly destination: string
  /** As `Flow` has it. */
  readonly prefix: string
  readonly bytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds that an answer may take within one machine, and how often it is asked for. */
const patience = [100, 200, 300] as const
const counted = 3
/** Milliseconds in which a link gets its carrier after it was set up, and the kernel asks for a neighbour (mcast_solicit). */
const settling = 4000
const pause = 100

/** What is not certain yet is looked at again, until the kernel itself has given up. */
export async function passage(scene: Scene, question: Question): Promise<Passage> {
  const deadline = performance.now() + settling
  for (;;) {
    const found = await passageNow(scene, question)
    if (isCertain(found) || performance.now() > deadline || question.signal?.aborted) return found
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

function isCertain({ reason }: Passage): boolean {
  return !reason?.likely || reason.why === 'filtered'
}

async function passageNow(scene: Scene, question: Question): Promise<Passage> {
  const { family, destination, prefix, bytes } = question
  const answer = await echoed(scene, question)
  const { flow, way: there } = wayThere(scene, question.from, { family, destination, prefix, bytes })
  const { source } = flow
  const back = !there.end && source !== undefined ? wayBack(scene, there, flow) : undefined
  const known = { family, destination, ...(source !== undefined && { source }), there, ...(back && { back }) }
  if (answer.milliseconds !== undefined) return { ...known, milliseconds: answer.milliseconds }
  return { ...known, reason: await whyNot(scene, question, { there, back, errno: answer.errno }) }
}

/** With the source that the node itself chooses. */
export function wayThere(scene: Scene, from: string, first: Flow): { readonly flow: Flow; readonly way: Way } {
  const found = lookUp(scene, from, first)
  const source = typeof found === 'string' ? undefined : found.local ? first.destination : found.source
  const flow: Flow = { ...first, source }
  return { flow, way: walk(scene, from, flow) }
}

async function echoed({ probes }: Scene, { from, destination, bytes, signal }: Question) {
  let answer: Awaited<ReturnType<typeof probes.echo>> = {}
  for (const within of patience) {
    if (signal?.aborted) return answer
    answer = await probes.echo(from, { to: destination, within, ...(bytes !== undefined && { bytes }) })
    if (answer.milliseconds !== undefined) return answer
  }
  return answer
}

/** From where it arrived, be that the node that was meant or not. */
function wayBack(scene: Scene, there: Way, { family, source, destination, bytes }: Flow): Way {
  const from = there.hops.at(-1)!.node
  return walk(scene, from, {
    family,
    source: destination,
    destination: source!,
    prefix: prefixOf(scene, source!),
    bytes,
  })
}

interface Found {
  readonly there: Way
  readonly back: Way | undefined
  readonly errno: string | undefined
}

/** Counters first: they tell what happened, before what the walk says would happen. */
async function whyNot(
  scene: Scene,
  question: Question,
  { there, back, errno }: Found,
): Promise<Passage['reason'] & object> {
  const send = async () => {
    for (let left = counted; left > 0; left--)
      await scene.probes.echo(question.from, {
        to: question.destination,
        within: 50,
        ...(question.bytes !== undefined && { bytes: question.bytes }),
      })
    return counted
  }
  const end = there.end ?? back?.end
  const turn = there.hops.length - 1
  const dropped = await droppedAt(scene, { hops: bothWays(there, back), turn, whole: end === undefined, send })
  if (dropped) return { ...dropped[0], direction: dropped[1] > turn ? 'back' : 'there' }
  return { ...(end ?? unknown(there, errno)), direction: end && end === back?.end ? 'back' : 'there' }
}

/** Where it arrives, the answer begins. */
function bothWays(there: Way, back: Way | undefined): readonly Hop[] {
  if (!back) return there.hops
  const [turn, ...rest] = back.hops
  return [
    ...there.hops.slice(0, -1),
    { ...turn!, ...there.hops.at(-1)!, ...(turn!.out !== undefined && { out: turn!.out }) },
    ...rest,
  ]
}

function unknown({ hops }: Way, errno: string | undefined): Reason {
  const [first, last] = [hops[0]!.node, hops.at(-1)!.node]
  if (errno !== undefined)
    return { node: first, why: 'unknown', text: `the kernel refuses to send: ${errno}`, likely: true }
  return {
    node: last,
    why: 'unknown',
    text: 'the way is good, there and back, and yet there is no answer',
    likely: true,
  }
}
