/** A lab that is up → what is wanted there, what differs, and who hears of it when that changes. */
import type { Kernel, Listening } from '../kernel/kernel.js'
import type { Result } from '../model/report.js'
import { type Comparison, comparison } from './comparison.js'
import { type Lab, surveyOf } from './lab.js'

export interface Sight {
  readonly comparison: Comparison
  readonly listening: Listening
  /** The namespaces that are listened to. */
  readonly namespaces: string
}

export interface SightOptions {
  /** Whether what somebody else put there is a difference. */
  readonly foreign: boolean
  /** Of `ListenOptions`. */
  readonly room?: number | undefined
}

/** Listens first and compares afterwards, so that nothing happens between the two. */
export function openSight(name: string, kernel: Kernel, { foreign, room }: SightOptions): Result<Sight> {
  const lab = surveyOf(name, kernel)
  const { value, ...rest } = comparison(lab, foreign)
  if (!value) return rest
  const nodes = lab.space.nodes()
  const options = { neighbors: value.neighbors, ...(room === undefined ? {} : { room }) }
  const listening = lab.space.listen([...nodes.keys()], options)
  lab.space.close()
  return { ...rest, value: { comparison: value, listening, namespaces: told(nodes) } }
}

/** How the lab stands now to the one that was looked at; `moved` when its namespaces are others. */
export type Standing = 'same' | 'busy' | 'moved' | 'applied' | 'gone'

/** @param names whether its record or its names may be others */
export function standingOf({ comparison: { lab, record }, namespaces }: Sight, names: boolean): Standing {
  const { space, kernel, name } = lab
  if (!space.exists) return 'gone'
  if (kernel.held(name)) return 'busy'
  if (!names) return 'same'
  const now = surveyOf(name, kernel).record
  if (now?.created !== record.created) return 'gone'
  if (JSON.stringify(now.source) !== JSON.stringify(record.source)) return 'applied'
  return told(space.nodes()) === namespaces ? 'same' : 'moved'
}

function told(nodes: ReturnType<Lab['space']['nodes']>): string {
  return JSON.stringify([...nodes])
}
