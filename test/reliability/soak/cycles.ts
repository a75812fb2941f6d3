/** How often → a lab that went up, was changed and went down so often, in this process and, each tenth time, by the program. */
import type * as Library from '../../../src/index.js'
import { everything, type Files, row } from '../labs.js'
import { must, program } from '../scene.js'

/** As it is published: only so does it have a second thread. */
const { down, linux, source, up }: typeof Library = await import(
  new URL('../../../dist/index.js', import.meta.url).href
)
const kernel = linux()

const lab = 'soak'
const large = row(120)

/** Returns how many of them were runs of the program. */
export async function cycles(count: number): Promise<number> {
  let programs = 0
  for (let cycle = 1; cycle <= count; cycle++) {
    const files = cycle % 50 === 0 || cycle % 70 === 0 ? large : everything
    if (cycle % 10 !== 0) await inProcess(files)
    else {
      byProgram(files)
      programs++
    }
  }
  return programs
}

async function inProcess(files: Files): Promise<void> {
  worked(await up(source(files.first, { name: lab }), kernel))
  worked(await up(source(files.later, { name: lab }), kernel))
  worked(await down(lab, kernel))
}

function byProgram(files: Files): void {
  for (const input of [files.first, files.later]) must([...program, 'up', '--name', lab, '-'], input)
  must([...program, 'down', lab])
}

function worked({ diagnostics }: Library.Result<unknown>): void {
  const wrong = diagnostics.filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong))
}
