/** What is kept of a lab that is up: `lab.json` in the lab's own tmpfs. */
import { readFileSync, statSync } from 'node:fs'
import type { LabRecord } from '../model/plan.js'
import { attempt, unless } from './errors.js'
import { SystemError } from './kernel.js'
import { readOwn, replaceFile } from './safe.js'

/** The record, or undefined where there is none or it is of an earlier boot. @throws SystemError for what is no record */
export function readRecord(folder: string): LabRecord | undefined {
  const text = unless(['ENOENT', 'ENOTDIR'], () => readOwn(`${folder}/lab.json`))
  if (text === undefined) return undefined
  const record = parse(text)
  if (!isRecord(record)) throw new SystemError(`read ${folder}/lab.json`, 'EBADMSG', 'not a record of this version')
  return record.boot === bootId() ? record : undefined
}

/** @throws SystemError */
export function writeRecord(folder: string, record: LabRecord): void {
  replaceFile(`${folder}/lab.json`, `${JSON.stringify(record)}\n`)
}

/** Differs after each boot (random(4)). */
export function bootId(): string {
  return attempt('read the boot’s id', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
}

/** Inode of the mount namespace that we are in, and our names. */
export function mountNamespace(): number {
  return attempt('look at the mount namespace', () => statSync('/proc/thread-self/ns/mnt').ino)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null

/** Only root and we can have written it, so what matters is that it is whole and of this version. */
function isRecord(value: unknown): value is LabRecord {
  if (typeof value !== 'object' || value === null) return false
  const { version, lab, boot, nodes, source, blending } = value as Partial<LabRecord>
  const texts = [lab, boot, source?.text, source?.label]
  return version === 1 && texts.every(text => typeof text === 'string') && [nodes, blending ?? {}].every(isObject)
}
