/** Commands in; where their time goes, as nstopo itself says it, out. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNetns, quiet } from './machine.js'
import { program } from './tools/nstopo.js'
import { type Shape, work } from './workloads.js'

export interface Profile {
  readonly title: string
  /** What `--timings` prints. */
  readonly text: string
}

const networks: readonly (readonly [Shape, number])[] = [
  ['three', 3],
  ['chain', 1000],
  ['leaf-spine', 1000],
]

/** Of `up`, and of `diff` of what it made. The first run of each keeps the compiled code, and is not shown. */
export async function profiles(folder: string): Promise<readonly Profile[]> {
  const found: Profile[] = []
  for (const [shape, size] of networks) {
    const [file, lab] = [join(folder, `profile-${shape}.yaml`), `bench${process.pid}-profile`]
    writeFileSync(file, work(shape, size).text)
    for (const shown of [false, true]) {
      ensureNetns()
      await quiet()
      const up = timings('up', '--name', lab, file)
      const diff = timings('diff', lab)
      timings('down', lab)
      if (!shown) continue
      found.push({ title: `\`up\`, ${shape} ${size}`, text: up })
      if (shape === 'chain') found.push({ title: `\`diff\`, ${shape} ${size}, unchanged`, text: diff })
    }
  }
  return found
}

function timings(...words: readonly string[]): string {
  const { status, stderr } = spawnSync(process.execPath, [program, ...words, '--timings'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`nstopo ${words.join(' ')}: ${stderr}`)
  return stderr.trim()
}
