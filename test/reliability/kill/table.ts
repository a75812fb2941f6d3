/** Rounds that were played → how many of each sort, and what failed, with the system call that it was killed at. */
import { columns } from '../columns.js'
import type { Played } from './play.js'
import { type Phase, phases, type Remedy, remedies } from './rounds.js'

export interface Row {
  readonly phase: Phase
  readonly remedy: Remedy
  readonly rounds: number
  readonly places: number
  readonly leaks: number
  readonly foreign: number
  readonly wrong: number
}

export interface Summary {
  readonly rounds: number
  /** Those of them where the command ended before it could be killed: they count for nothing. */
  readonly missed: number
  /** Different places that the program was killed at. */
  readonly places: number
  readonly rows: readonly Row[]
  /** How often it was killed at which call. */
  readonly calls: Readonly<Record<string, number>>
}

export function summary(played: readonly Played[]): Summary {
  const killed = played.filter(({ at }) => at !== undefined)
  const rows = phases.flatMap(phase =>
    remedies.map(remedy =>
      rowOf(
        phase,
        remedy,
        killed.filter(p => p.phase === phase && p.remedy === remedy),
      ),
    ),
  )
  const calls: Record<string, number> = {}
  for (const { at = '' } of killed) {
    const call = callOf(at)
    calls[call] = (calls[call] ?? 0) + 1
  }
  return { rounds: killed.length, missed: played.length - killed.length, places: placesOf(killed), rows, calls }
}

function rowOf(phase: Phase, remedy: Remedy, rounds: readonly Played[]): Row {
  const places = placesOf(rounds)
  const [leaks, foreign, wrong] = [count(rounds, 'leaks'), count(rounds, 'foreign'), count(rounds, 'wrong')]
  return { phase, remedy, rounds: rounds.length, places, leaks, foreign, wrong }
}

const placesOf = (rounds: readonly Played[]) =>
  new Set(rounds.map(({ phase, at = '' }) => `${phase} ${placeOf(at)}`)).size

function count(rounds: readonly Played[], what: 'leaks' | 'foreign' | 'wrong'): number {
  return rounds.filter(round => round[what].length > 0).length
}

function callOf(at: string): string {
  return /^\w+(?=\()/.exec(at)?.[0] ?? 'at a moment'
}

/** Descriptors and process ids are numbered as they come. */
function placeOf(at: string): string {
  return at
    .replace(/pid\\":\d+/, '')
    .replace(/\((\d+|0x[0-9a-f]+)/, '(')
    .replace(/\)? = .*|\)$/, '')
}

export function failuresText(played: readonly Played[]): string {
  return played
    .filter(({ leaks, foreign, wrong }) => leaks.length + foreign.length + wrong.length > 0)
    .map(({ phase, remedy, at, again, leaks, foreign, wrong }) =>
      [
        `${phase}, killed at ${at ?? 'no time'}, then ${remedy} (--again '${again}'):`,
        ...wrong.map(line => `  wrong: ${line}`),
        ...leaks.map(line => `  leak: ${line}`),
        ...foreign.map(line => `  foreign: ${line}`),
      ].join('\n'),
    )
    .join('\n')
}

/** For a terminal. */
export function resultText({ rounds, missed, places, rows, calls }: Summary): string {
  const cells = [
    ['phase', 'then', 'rounds', 'places', 'leaks', 'foreign', 'wrong'],
    ...rows.map(row => [row.phase, row.remedy, row.rounds, row.places, row.leaks, row.foreign, row.wrong].map(String)),
  ]
  const where = Object.entries(calls).sort(([, a], [, b]) => b - a)
  return [
    columns(cells),
    `${rounds} kills at ${places} places, ${missed} missed: ${where.map(([call, count]) => `${call} ${count}`).join(', ')}`,
  ].join('\n')
}
