/** One private machine's share of the rounds in, as JSON; a line of JSON a round out. Ends at the first that fails. */
import { enterPrivateMachine } from '../../support/private-machine.js'
import { everything, hosted as hostedLab, row } from '../labs.js'
import { machineName } from '../machine.js'
import { program, run, type Scene, scene } from '../scene.js'
import { furnish, type Kind, sleeper } from '../surroundings.js'
import { play } from './play.js'
import { remedies as all, assault, type Phase, type Round, scatter, spread, type Usual } from './rounds.js'
import { type Instant, instantsOf } from './strace.js'

export interface Share {
  readonly kind: Kind
  /** Rounds that are killed at system calls, and at moments. */
  readonly instants: number
  readonly moments: number
  /** Rounds with a lab of hosts: half of them at system calls, half at moments. */
  readonly hosted: number
  readonly seed: number
  /** The first round, of all, that is still to be played. */
  readonly from: number
  /** Only this one. */
  readonly only?: Round & { readonly hosted?: boolean }
}

/** So many nodes that nstopo has a second thread. */
const many = 130

async function main({ kind, instants, moments, hosted, seed, from, only }: Share): Promise<void> {
  const surroundings = furnish(kind, 'kill')
  const places = {
    small: () => scene('kill', everything, surroundings),
    large: () => scene('row', row(many), surroundings),
    hosted: () => scene(machineName, hostedLab, surroundings),
  }
  if (only)
    return playAll(places[only.hosted ? 'hosted' : typeof only.instant === 'number' ? 'large' : 'small'](), [only])
  const remedies = run([...program, 'gc']).status === 0 ? all : all.filter(remedy => remedy !== 'gc')
  if (from < instants) {
    const place = places.small()
    await playAll(place, spread(instantsIn(place), { count: instants, remedies, seed }).slice(from))
  }
  const later = (done: number) => Math.max(0, from - done)
  if (from < instants + moments && moments > 0) {
    const place = places.large()
    await playAll(place, scatter(usualIn(place), { count: moments, remedies, seed }).slice(later(instants)))
  }
  if (hosted === 0) return
  const place = places.hosted()
  const half = { count: Math.ceil(hosted / 2), remedies, seed }
  const rounds = [...spread(instantsIn(place), half), ...assault(usualIn(place), half)].slice(0, hosted)
  await playAll(place, rounds.slice(later(instants + moments)))
}

async function playAll(place: Scene, rounds: readonly Round[]): Promise<void> {
  for (const round of rounds) {
    const played = await play(place, round)
    process.stdout.write(`${JSON.stringify(played)}\n`)
    if (played.leaks.length + played.foreign.length + played.wrong.length > 0) process.exit(0)
  }
}

/** What each phase does, when nobody kills it, with somebody in a node as later. */
function instantsIn(place: Scene): Readonly<Record<Phase, readonly Instant[]>> {
  const up = instantsOf(place.up('first'))
  sleeper(`${place.lab}.${place.nodes.first[0]}`)
  const change = instantsOf(place.up('later'))
  run(place.up('first'))
  return { up, change, down: instantsOf(place.down) }
}

function usualIn(place: Scene): Usual {
  const timed = (command: readonly string[]) => {
    const started = performance.now()
    run(command)
    return performance.now() - started
  }
  const takes = { up: timed(place.up('first')), change: timed(place.up('later')), down: timed(place.down) }
  // To say its version, the program loads hardly anything.
  return { begins: timed([...program, '--version']), takes }
}

enterPrivateMachine()
await main(JSON.parse(process.argv[2] ?? ''))
process.exit(0)
