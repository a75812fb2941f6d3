/** An example's name in; a project of its own, and how a program ended there, out: with nstopo as it was built. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A folder whose node_modules holds mocha, vitest and jest (.ci/run). */
export const runners = process.env.NSTOPO_RUNNERS ?? ''

export interface Project {
  readonly folder: string
  /** Runs a program there; both streams in one text. */
  run(words: readonly [string, ...string[]], env?: Readonly<Record<string, string>>): { status: number; text: string }
  remove(): void
}

/** A copy of an example, outside of the checkout; below the runners, where they are. */
export function project(example: string): Project {
  const folder = mkdtempSync(join(runners || tmpdir(), `nstopo-${example}-`))
  cpSync(join(root, 'examples', example), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules/nstopo'))
  // Mocha looks for what it is to load from where it is itself.
  const beside = join(runners, 'node_modules/nstopo')
  if (runners !== '' && !existsSync(beside)) symlinkSync(root, beside)
  symlinkSync(join(root, 'dist/nstopo.cjs'), join(folder, 'node_modules/.bin/nstopo'))
  const path = [join(folder, 'node_modules/.bin'), join(runners, 'node_modules/.bin'), process.env.PATH].join(':')
  return {
    folder,
    run([program, ...words], env = {}) {
      const { NODE_OPTIONS: _, FORCE_COLOR: __, NODE_TEST_CONTEXT: ___, ...own } = process.env
      const options = { cwd: folder, encoding: 'utf8', env: { ...own, NO_COLOR: '1', ...env, PATH: path } } as const
      const { status, stdout, stderr } = spawnSync(program, words, options)
      return { status: status ?? 255, text: `${stdout}${stderr}` }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
