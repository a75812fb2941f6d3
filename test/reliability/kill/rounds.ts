/** What can be killed at which instants → the rounds to be played, the same for the same seed. */
import { type Random, random } from '../random.js'
import type { Moment } from './death.js'
import type { Instant } from './strace.js'

/** What is killed: the first `up`, one that changes the lab in place, or `down`. */
export const phases = ['up', 'change', 'down'] as const
export type Phase = (typeof phases)[number]

/** What is run after it: the same again where that is `up`, the other text, `down`, or `gc`. */
export const remedies = ['up', 'other-up', 'down', 'gc'] as const
export type Remedy = (typeof remedies)[number]

/** The program that holds the lab's processes, and the first process of one of its hosts. */
export const victims = ['supervisor', 'init'] as const
export type Victim = (typeof victims)[number]

export interface Round {
  readonly phase: Phase
  readonly remedy: Remedy
  readonly instant: Moment
  /** Who is killed at that moment instead of the run, in a lab with hosts. */
  readonly victim?: Victim
  /** What follows is killed too, so many milliseconds after its start, and run once more. */
  readonly twice?: number
}

/** How many rounds of which remedies, and where their numbers begin. */
export interface Wanted {
  readonly count: number
  readonly remedies: readonly Remedy[]
  readonly seed: number
}

/** Spread over each phase's instants: all of them before any is taken a second time, with another remedy. */
export function spread(
  instants: Readonly<Record<Phase, readonly Instant[]>>,
  { count, remedies, seed }: Wanted,
): readonly Round[] {
  const counts = shareOf(count)
  const numbers = random(seed)
  return phases.flatMap(phase => {
    const [all, wanted] = [instants[phase], counts[phase]]
    const places = lapsOver(all.length, wanted, numbers)
    // What follows is no matter of the place: the calls for one node come in fours, as the remedies do.
    const first = shuffled(places.slice(0, all.length), numbers)
    const turns = new Map(first.map((place, index) => [place, index]))
    return places.map((place, index) => {
      const turn = turns.get(place)! + Math.floor(index / all.length)
      return { phase, remedy: remedies[turn % remedies.length]!, instant: all[place]! }
    })
  })
}

/** So many places of a row: all of it again and again, and for the rest of them one in each equal part. */
function lapsOver(length: number, wanted: number, { next }: Random): readonly number[] {
  const whole = Array.from({ length: wanted - (wanted % length) }, (_, index) => index % length)
  const [rest, begin] = [wanted % length, next()]
  const part = Array.from({ length: rest }, (_, index) => Math.floor(((index + begin) * length) / rest))
  return [...whole, ...part]
}

function shuffled<T>(items: readonly T[], { next }: Random): readonly T[] {
  const places = items.map(item => ({ item, place: next() }))
  return places.sort((a, b) => a.place - b.place).map(({ item }) => item)
}

/** How many milliseconds a command takes, and from when on it can have done anything. */
export interface Usual {
  readonly begins: number
  readonly takes: Readonly<Record<Phase, number>>
}

/** At random moments of a command's usual time; in every other round that of what follows, too. */
export function scatter({ begins, takes }: Usual, { count, remedies, seed }: Wanted): readonly Round[] {
  const { next, pick } = random(seed)
  const momentOf = (phase: Phase) => Math.round(begins + next() * (takes[phase] - begins))
  return Array.from({ length: count }, (_, index) => {
    const phase = phases[index % phases.length]!
    const remedy = pick(remedies)
    const second = { twice: momentOf(remedy === 'down' || remedy === 'gc' ? 'down' : 'up') }
    return { phase, remedy, instant: momentOf(phase), ...(index % 2 === 1 ? second : {}) }
  })
}

/** At random moments, now the run itself, now who holds its processes, now a host's first process. */
export function assault(usual: Usual, wanted: Wanted): readonly Round[] {
  return scatter(usual, wanted).map((round, index) => {
    const victim = victims[index % (victims.length + 1)]
    if (victim === undefined) return round
    // That an init has died is nothing which gc would mend: it has the file to be followed.
    return { ...round, victim, remedy: victim === 'init' && round.remedy === 'gc' ? 'up' : round.remedy }
  })
}

/** How many rounds each phase has: `up` does most, `down` least. */
function shareOf(count: number): Readonly<Record<Phase, number>> {
  const [up, down] = [Math.round(count * 0.5), Math.round(count * 0.2)]
  return { up, change: count - up - down, down }
}
