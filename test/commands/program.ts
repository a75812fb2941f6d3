/** Runs the built program, as a user would, and says what came of it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import type { ResultOf, results } from '../../src/render/schemas.js'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const program = join(root, 'dist/nstopo.cjs')

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly cwd?: string
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

export function nstopo(words: readonly string[], { cwd, input = '', env = {} }: Surroundings = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    ...{ encoding: 'utf8', input, env: { PATH: process.env.PATH ?? '', HOME: '/root', ...env }, timeout: 300_000 },
    ...(cwd === undefined ? {} : { cwd }),
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, stdout, stderr }
}

/** A name that no other test has. */
export function labName(suffix: string): string {
  return `cmd${process.pid}-${suffix}`
}

/** A folder with these files, for as long as `use` runs. */
export function inFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-commands-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same for work that waits: an empty folder. */
export async function inFolderAsync<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-commands-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const twoHosts = 'nodes: {h1: {}, h2: {}}\nlinks:\n  - [h1:eth0 10.0.0.1/24, h2:eth0 10.0.0.2/24]\n'

const ajv = new Ajv({ strict: true })

export interface Printed<C extends keyof typeof results> {
  readonly command: string
  readonly status: number
  readonly diagnostics: readonly { readonly code: string }[]
  readonly result: ResultOf<C>
}

/** The document of a run, held against the schema that the package ships. */
export function json<C extends keyof typeof results>(command: C, words: readonly string[], cwd: string): Printed<C> {
  const { stdout, stderr, status } = nstopo([command, '--json', ...words], { cwd })
  assert.equal(stderr, '')
  const document = JSON.parse(stdout) as Printed<C>
  assert.equal(document.status, status)
  const { $schema: _, ...schema } = JSON.parse(readFileSync(join(root, `schemas/${command}.schema.json`), 'utf8')) as {
    readonly $schema: string
  }
  assert.ok(ajv.validate(schema, document), `${command}: ${ajv.errorsText()}\n${stdout}`)
  return document
}
