/** Labs, each with a process at work all the time, in random orders of up, change and down → what went wrong. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { everything, type Files, nodesOf } from '../labs.js'
import { witnesses } from '../network.js'
import { random } from '../random.js'
import { must, program } from '../scene.js'

export type Step = keyof Files | 'down'

export interface Chains {
  readonly runs: number
  /** How often each step was done. */
  readonly steps: Readonly<Record<Step, number>>
  /** The most that ran at one time. */
  readonly atOnce: number
  readonly wrong: readonly string[]
}

const nodes = nodesOf(everything)

/** What each lab's nodes hold when nobody else is at work: by lab and text. */
type Alone = ReadonlyMap<string, Readonly<Record<keyof Files, readonly string[]>>>

export async function chains(labs: number, steps: number, seed: number): Promise<Chains> {
  const names = Array.from({ length: labs }, (_, index) => `many${index}`)
  const alone: Alone = new Map(names.map(lab => [lab, seenAlone(lab)]))
  const counted = { first: 0, later: 0, down: 0 }
  let [running, atOnce] = [0, 0]
  const doStep = async (lab: string, step: Step) => {
    counted[step]++
    atOnce = Math.max(atOnce, ++running)
    const wrong = await done(lab, step)
    running--
    return [...wrong, ...(step === 'down' ? [] : unlike(lab, witnesses(lab, nodes[step]), alone.get(lab)![step]))]
  }
  const runChain = async (lab: string, index: number) => {
    const { pick } = random(seed + index)
    const order = Array.from({ length: steps - 1 }, () => pick<Step>(['first', 'later', 'down']))
    const wrong: string[] = []
    for (const step of [...order, 'down' as const]) wrong.push(...(await doStep(lab, step)))
    return wrong
  }
  const wrong = (await Promise.all(names.map(runChain))).flat()
  return { runs: labs * steps, steps: counted, atOnce, wrong }
}

function seenAlone(lab: string): Readonly<Record<keyof Files, readonly string[]>> {
  const seen = (which: keyof Files) => {
    must(command(lab, which), inputOf(which))
    return witnesses(lab, nodes[which])
  }
  const found = { first: seen('first'), later: seen('later') }
  must(command(lab, 'down'))
  return found
}

export function command(lab: string, step: Step): readonly string[] {
  return step === 'down' ? [...program, 'down', lab] : [...program, 'up', '--name', lab, '-']
}

export const inputOf = (step: Step) => (step === 'down' ? '' : everything[step])

/** Runs it while others run, and says what came of it where that is no success. */
async function done(lab: string, step: Step): Promise<readonly string[]> {
  const { status, stderr } = await runBeside(command(lab, step), inputOf(step))
  return status === 0 ? [] : [`${lab} ${step}: status ${status}: ${stderr}`]
}

export interface Beside {
  readonly status: number | null
  readonly stderr: string
}

export async function runBeside([first = '', ...words]: readonly string[], input: string): Promise<Beside> {
  const started = spawn(first, words, { stdio: ['pipe', 'ignore', 'pipe'], env: { PATH: process.env.PATH ?? '' } })
  started.stdin.end(input)
  const [stderr, [status]] = await Promise.all([text(started.stderr), once(started, 'exit')])
  return { status, stderr }
}

function unlike(lab: string, is: readonly string[], was: readonly string[]): readonly string[] {
  const [found, wanted] = [new Set(is), new Set(was)]
  return [
    ...is.filter(line => !wanted.has(line)).map(line => `${lab} holds more: ${line}`),
    ...was.filter(line => !found.has(line)).map(line => `${lab} holds less: ${line}`),
  ]
}
