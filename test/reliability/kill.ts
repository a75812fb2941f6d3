/**
 * The program is killed with SIGKILL at many instants of `up`, of a change and of `down`, and what follows must leave the
 * machine as it was. `npm run reliability:kill -- [--instants N] [--moments N] [--hosted N] [--seed N] [--again ROUND]`; status 1 when
 * anything is left.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Share } from './kill/machine.js'
import type { Played } from './kill/play.js'
import type { Round } from './kill/rounds.js'
import { failuresText, resultText, summary } from './kill/table.js'
import { save } from './results.js'

/** Plays a share, in as many machines as it takes: after a round that failed the next one is in a new one. */
async function playShare(share: Share): Promise<readonly Played[]> {
  const program = new URL('kill/machine.ts', import.meta.url).pathname
  const words = [...process.execArgv, program, JSON.stringify(share)]
  const machine = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const played: Played[] = []
  const ended = once(machine, 'exit')
  for await (const line of createInterface({ input: machine.stdout })) {
    played.push(JSON.parse(line))
    process.stderr.write(isClean(played.at(-1)!) ? '.' : 'F')
  }
  const [status] = await ended
  if (status !== 0) throw new Error(`a machine ended with status ${status}`)
  const left = share.instants + share.moments + share.hosted - share.from - played.length
  return left > 0 ? [...played, ...(await playShare({ ...share, from: share.from + played.length }))] : played
}

const isClean = ({ leaks, foreign, wrong }: Played) => leaks.length + foreign.length + wrong.length === 0

/** How many rounds of each sort. */
export type Counts = Pick<Share, 'instants' | 'moments' | 'hosted' | 'seed'>

/** Half of the rounds in a bare machine, half in a crowded one, side by side. */
export async function kill({ instants, moments, hosted, seed }: Counts): Promise<readonly Played[]> {
  const halves = [Math.ceil, Math.floor].map(half => ({
    ...{ instants: half(instants / 2), moments: half(moments / 2), hosted: half(hosted / 2) },
  }))
  const shares: readonly Share[] = [
    { kind: 'bare', ...halves[0]!, seed, from: 0 },
    { kind: 'crowded', ...halves[1]!, seed: seed + 1, from: 0 },
  ]
  const played = await Promise.all(shares.map(playShare))
  process.stderr.write('\n')
  return played.flat()
}

/**
 * KIND PHASE REMEDY CALL COUNT, or KIND PHASE REMEDY MILLISECONDS and, where what follows is killed too, its own. Of a lab of
 * hosts, who is killed comes last; `hosted` for the run itself.
 */
function againOf(words: string): Share {
  const [kind, phase, remedy, when = '', count, who] = words.split(' ')
  const timed = { instant: Number(when), ...(count === undefined || count === '-' ? {} : { twice: Number(count) }) }
  const only = {
    phase,
    remedy,
    ...(who === undefined ? {} : { hosted: true, ...(who !== 'hosted' && { victim: who }) }),
    ...(/^\d+$/.test(when) ? timed : { instant: { call: when, count: Number(count) } }),
  } as Round
  return { kind: kind as Share['kind'], instants: 0, moments: 0, hosted: 0, seed: 0, from: 0, only }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const option = (text: string) => ({ type: 'string', default: text }) as const
  const options = {
    instants: option('400'),
    moments: option('60'),
    hosted: option('200'),
    seed: option('1'),
    again: option(''),
    save: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ options })
  const played = values.again
    ? await playShare(againOf(values.again))
    : await kill({
        instants: Number(values.instants),
        moments: Number(values.moments),
        hosted: Number(values.hosted),
        seed: Number(values.seed),
      })
  const result = summary(played)
  if (values.save) save('kill', result)
  console.log(failuresText(played))
  console.log(resultText(result))
  process.exitCode = played.every(isClean) ? 0 : 1
}
