/** A round in a scene → what it left behind, what of others it changed, and what else went wrong. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Files } from '../labs.js'
import { must, program, type Ran, run, type Scene, type Whole } from '../scene.js'
import { sleeper } from '../surroundings.js'
import { killed, type Moment } from './death.js'
import type { Phase, Remedy, Round, Victim } from './rounds.js'

export interface Played extends Pick<Round, 'phase' | 'remedy'> {
  /** The words that `--again` takes to play it once more. */
  readonly again: string
  /** Where it was killed; undefined where it ended first. */
  readonly at: string | undefined
  readonly leaks: readonly string[]
  readonly foreign: readonly string[]
  readonly wrong: readonly string[]
}

type Text = keyof Files

/** Milliseconds for what ends a moment after it was told to. */
const patience = 60_000

/** What the file said when the command was killed, and what it says in the other text. */
const texts: Readonly<Record<Phase, { readonly now: Text; readonly other: Text }>> = {
  up: { now: 'first', other: 'later' },
  change: { now: 'later', other: 'first' },
  down: { now: 'first', other: 'later' },
}

export async function play(scene: Scene, round: Round): Promise<Played> {
  const { phase, remedy, instant, twice, victim } = round
  const wrong: string[] = []
  const does = (command: readonly string[]) => wrong.push(...failures(command, run(command)))
  const { lab } = scene
  const kill = (name: Remedy, moment: Moment, victim?: Victim) =>
    killed(commandOf(scene, phase, name), moment, { lab, victim })
  if (phase !== 'up') does(scene.up('first'))
  const guest = phase === 'up' ? undefined : sleeper(`${scene.lab}.${scene.nodes.first[0]}`)
  const stranger = phase !== 'up' && remedy === 'down' ? addStranger(scene) : undefined
  const at = await kill(phase === 'down' ? 'down' : 'up', instant, victim)
  if (twice !== undefined) await kill(remedy, twice)
  does(commandOf(scene, phase, remedy))
  wrong.push(...mended(scene, round))
  does(scene.down)
  if (guest) wrong.push(...(await ended(guest)))
  const gone = stranger?.() ?? []
  const left = await settled(scene)
  const foreign = [...gone, ...left.filter(line => !isLeak(line))]
  return { phase, remedy, at, again: again(round, scene), leaks: left.filter(isLeak), foreign, wrong }
}

/** A namespace of others by a name of the lab's, which came while the lab stood. Returns what takes it away, if it is there. */
function addStranger({ kind, lab }: Scene): (() => readonly string[]) | undefined {
  // Where nothing else is, `ip netns` leaves its folder.
  if (kind === 'bare') return undefined
  const name = `${lab}.stranger`
  const inode = () => statSync(`/run/netns/${name}`, { throwIfNoEntry: false })?.ino
  must(['ip', 'netns', 'add', name])
  const before = inode()
  return () => {
    const stays = inode() === before
    if (stays) must(['ip', 'netns', 'del', name])
    return stays ? [] : [`the namespace ${name} of others is gone`]
  }
}

function again({ phase, remedy, instant, twice, victim }: Round, { kind, hosted }: Scene): string {
  const when = typeof instant === 'number' ? [instant, twice ?? '-'] : [instant.call, instant.count]
  return [kind, phase, remedy, ...when, victim ?? (hosted ? 'hosted' : '')].join(' ').trim()
}

/** A process in a node ends when the node goes. */
async function ended(guest: ChildProcess): Promise<readonly string[]> {
  if (guest.exitCode !== null || guest.signalCode !== null) return []
  const gone = once(guest, 'exit').then(() => [])
  const stays = new Promise<readonly string[]>(resolve => {
    setTimeout(() => resolve(['a process in a node outlived the lab']), patience).unref()
  })
  const said = await Promise.race([gone, stays])
  guest.kill('SIGKILL')
  return said
}

/** The command of that name, in a phase; an `up` writes its text into the file. */
function commandOf(scene: Scene, phase: Phase, name: Remedy): readonly string[] {
  const { now, other } = texts[phase]
  if (name === 'down') return scene.down
  if (name === 'gc') return [...program, 'gc']
  return scene.up(name === 'up' ? now : other)
}

/** What is not as it should be, once what follows was run. */
function mended(scene: Scene, { phase, remedy }: Round): readonly string[] {
  const { now, other } = texts[phase]
  const holds = (text: Text) => unlike(scene.look(text), scene.whole[text])
  const looks = {
    up: () => holds(now),
    'other-up': () => holds(other),
    down: () => [],
    gc: () => afterCollection(scene, phase),
  }
  return looks[remedy]()
}

/** A new lab is whole or gone, a changed one is as one of the two texts says: what it lacks of the one that it is nearest to. */
function afterCollection(scene: Scene, phase: Phase): readonly string[] {
  const isGone = scene.changes().every(line => line.includes(' processes: '))
  if (isGone) return phase === 'change' ? ['gc took a lab away that was being changed'] : []
  const allowed: readonly Text[] = phase === 'change' ? ['first', 'later'] : ['first']
  const unlikes = allowed.map(text => unlike(scene.look(text), scene.whole[text]))
  return unlikes.reduce((least, lines) => (lines.length < least.length ? lines : least))
}

function unlike(found: Whole, whole: Whole): readonly string[] {
  const [is, was] = [found, whole].map(({ added, witness }) => [...added, ...witness])
  return [...lacking(is!, was!, 'more than'), ...lacking(was!, is!, 'less than')]
}

function lacking(lines: readonly string[], others: readonly string[], how: string): readonly string[] {
  const known = new Set(others)
  return lines.filter(line => !known.has(line)).map(line => `${how} a fresh lab: ${line}`)
}

function failures(command: readonly string[], { status, stderr }: Ran): readonly string[] {
  return status === 0 ? [] : [`status ${status} of ${command.slice(2).join(' ')}: ${stderr.trim()}`]
}

/** Processes that were ended take a moment to go. */
async function settled(scene: Scene): Promise<readonly string[]> {
  const until = performance.now() + patience
  for (;;) {
    const left = scene.changes()
    if (left.length === 0 || performance.now() > until) return left
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** What came and is nobody's; all else that differs was somebody's. */
function isLeak(line: string): boolean {
  return /^\+ (namespaces|mounts|processes|files|descriptors): /.test(line)
}
