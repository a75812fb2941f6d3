import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../../bench/prepare.js'
import { work } from '../../bench/workloads.js'
import { labName } from '../support/machine.js'

/** As floor/replay.c reads them. */
function records(bytes: Buffer): readonly { kind: number; where: number; bytes: Buffer }[] {
  const found = []
  for (let at = 0; at < bytes.length; ) {
    const [kind, where, size] = [0, 4, 8].map(offset => bytes.readUInt32LE(at + offset)) as [number, number, number]
    found.push({ kind, where, bytes: bytes.subarray(at + 12, at + 12 + size) })
    at += 12 + size
  }
  return found
}

describe('bench/prepare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-prepare-'))
  after(() => rmSync(folder, { recursive: true }))

  it('writes what a fresh up does, the last message of each send acknowledged', async () => {
    const file = join(folder, 'prepared')
    const counts = await prepare(work('three', 3).text, labName('prepare'), file)
    const found = records(readFileSync(file))
    const of = (kind: number) => found.filter(record => record.kind === kind)
    assert.deepEqual(
      of(1).map(({ bytes }) => `${bytes}`),
      ['gw', 'h1', 'h2'],
    )
    assert.ok(of(2).some(({ where, bytes }) => where === 0 && `${bytes}` === 'sys/net/ipv4/ip_forward\x001'))
    assert.deepEqual([of(1).length, of(2).length, of(3).length], [counts.namespaces, counts.settings, counts.sends])
    for (const { bytes } of of(3)) assert.deepEqual(acknowledged(bytes).slice(-1), [true])
    assert.equal(of(3).flatMap(({ bytes }) => acknowledged(bytes)).length, counts.messages)
  })
})

function acknowledged(bytes: Buffer): readonly boolean[] {
  const found: boolean[] = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at)) found.push((bytes.readUInt16LE(at + 6) & 4) !== 0)
  return found
}
