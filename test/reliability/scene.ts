/** A lab's two texts in a private machine → what it adds to the machine when it is up and whole, to hold others against. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostsOf } from './hosts.js'
import { type Files, nodesOf } from './labs.js'
import { difference, type Snapshot, snapshot } from './machine.js'
import { witnesses } from './network.js'
import type { Kind, Surroundings } from './surroundings.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const program: readonly string[] = [process.execPath, join(root, 'dist/nstopo.cjs')]

/** What a lab that is up and whole is known by. */
export interface Whole {
  /** What the machine has more, without numbers that differ each time. */
  readonly added: readonly string[]
  /** What its nodes hold. */
  readonly witness: readonly string[]
}

export interface Scene {
  readonly kind: Kind
  readonly lab: string
  /** Its nodes are hosts. */
  readonly hosted: boolean
  readonly before: Snapshot
  readonly nodes: Readonly<Record<keyof Files, readonly string[]>>
  /** A fresh lab of each text. */
  readonly whole: Readonly<Record<keyof Files, Whole>>
  /** The command that makes the lab what the text says; the file is always the same one. */
  up(which: keyof Files): readonly string[]
  readonly down: readonly string[]
  /** What the machine has more or less than before. */
  changes(): readonly string[]
  /** What is there now, of the nodes of that text. */
  look(which: keyof Files): Whole
}

export function scene(lab: string, files: Files, { kind, namespaces }: Surroundings): Scene {
  const file = `/run/lock/${lab}/lab.yaml`
  const nodes = nodesOf(files)
  mkdirSync(`/run/lock/${lab}`)
  writeFileSync(file, '')
  const up = (which: keyof Files) => {
    writeFileSync(file, files[which])
    return [...program, 'up', '--name', lab, file]
  }
  const down = [...program, 'down', lab]
  warmUp()
  const before = snapshot(namespaces)
  const changes = () => differing(file, before, snapshot(namespaces))
  const look = (which: keyof Files) => ({
    added: [...withoutNumbers(changes().filter(isOfLab))].sort(),
    witness: [...witnesses(lab, nodes[which]), ...hostsOf(lab, nodes[which])],
  })
  const fresh = (which: keyof Files) => {
    must(up(which))
    const found = look(which)
    must(down)
    const left = changes()
    if (left.length > 0) throw new Error(`up and down leave:\n${left.join('\n')}`)
    return found
  }
  const hosted = files.first.includes('processes:')
  return {
    kind,
    lab,
    hosted,
    before,
    nodes,
    whole: { first: fresh('first'), later: fresh('later') },
    up,
    down,
    changes,
    look,
  }
}

/** The first run of each command leaves what V8 compiled of the program. */
export function warmUp(): void {
  const file = 'nodes: { a: }\n'
  must([...program, 'up', '--name', 'warm', '-'], file)
  must([...program, 'down', 'warm'])
  run([...program, 'gc'])
}

/** A guest of the driver's has a mount namespace too: of namespaces other than networks, `hostsOf` says whose they are. */
const isOfLab = (line: string) => !/^. (processes: |namespaces: (?!net:))/.test(line)

/** The topology's own file is the driver's to write. */
function differing(file: string, before: Snapshot, after: Snapshot): readonly string[] {
  return difference(before, after).filter(line => !line.includes(file))
}

/**
 * Namespaces are numbered as they come, links that name a number must name one of these, a record says when it was made, and
 * what is kept of hosts and processes has names that nobody else has, and tells of moments.
 */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const known = new Set(lines.flatMap(line => /net:\[(\d+)\]/.exec(line)?.[1] ?? []))
  const kept = /^. files: \/run\/nstopo\/[^/]+\/(host|supervisor|groups)/
  return lines
    .filter(line => !kept.test(line))
    .map(line =>
      line
        .replace(/([a-z]+):\[\d+\]/g, '$1')
        .replace(/(nstopo-.*)-[0-9a-f]{16}/, '$1')
        .replace(/(?<=→ )\d+$/, number => (known.has(number) ? 'a namespace' : number))
        .replace(/(\/lab\.json \S+ \S+) \S+$/, '$1'),
    )
}

export interface Ran {
  readonly status: number | null
  readonly stderr: string
}

/** Nobody is there to answer a question: standard input is empty. */
export function run([command = '', ...words]: readonly string[], input = ''): Ran {
  const { status, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH ?? '' },
    timeout: 300_000,
  })
  return { status, stderr }
}

export function must(command: readonly string[], input = ''): void {
  const { status, stderr } = run(command, input)
  if (status !== 0) throw new Error(`${command.join(' ')}: status ${status}\n${stderr}`)
}
