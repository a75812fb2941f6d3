/** A driver's name and its words in; what it printed out, once it has found nothing wrong. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

export function driven(name: string, ...words: readonly string[]): string {
  const command = ['--import', 'tsx', `test/reliability/${name}.ts`, ...words]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 26 })
  assert.equal(status, 0, `${stdout}\n${stderr}`)
  return stdout
}
