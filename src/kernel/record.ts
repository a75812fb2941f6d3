/** What is kept of a lab that is up: `lab.json` in the lab's own tmpfs. */
import { lstatSync, readFileSync, renameSync } from 'node:fs'
import type { LabRecord } from '../model/plan.js'
import { attempt, unless } from './errors.js'
import { type Recorded, SystemError } from './kernel.js'
import { readRecordText } from './record-text.js'
import { besideOf, readOwn, replaceFile } from './safe.js'

/** The record; why what stands there is none; nothing where nothing stands. */
export function readRecord(folder: string, lab: string): Recorded {
  try {
    const text = textOf(recordPath(folder))
    if (text !== undefined) return current(readRecordText(text, lab))
    const last = textOf(leavingPath(folder))
    return last === undefined ? {} : leaving(current(readRecordText(last, lab)))
  } catch (thrown) {
    // Of another user's lab nothing can be said.
    if (!(thrown instanceof SystemError) || thrown.errno === 'EACCES') throw thrown
    return { damage: `can’t be used: ${thrown.text}` }
  }
}

const recordPath = (folder: string) => `${folder}/lab.json`
/** The record of a lab that is being taken away has this name: a rename is whole, and takes no time. */
const leavingPath = (folder: string) => `${folder}/lab.json.leaving`

/** What a run that was killed while it wrote leaves. */
export const unfinishedRecord = (folder: string) => besideOf(recordPath(folder))

function textOf(path: string): string | undefined {
  return unless(['ENOENT', 'ENOTDIR'], () => readOwn(path))
}

function leaving({ record, damage }: Recorded): Recorded {
  return record ? { record: { ...record, state: 'leaving' } } : damage === undefined ? {} : { damage }
}

function current(recorded: Recorded): Recorded {
  const earlier = recorded.record !== undefined && recorded.record.boot !== bootId()
  return earlier ? { damage: 'is of an earlier boot' } : recorded
}

/** @throws SystemError */
export function leave(folder: string): void {
  unless(['ENOENT'], () =>
    attempt(`write ${leavingPath(folder)}`, () => renameSync(recordPath(folder), leavingPath(folder))),
  )
}

/** @throws SystemError */
export function writeRecord(folder: string, record: LabRecord): void {
  replaceFile(recordPath(folder), recordText(record))
}

export function recordText(record: LabRecord): string {
  return `${JSON.stringify(record)}\n`
}

/** What is no record is kept for a look, and no longer in the way; where. @throws SystemError */
export function setAside(folder: string): string {
  const aside = `${recordPath(folder)}.damaged`
  const [path] = [recordPath(folder), leavingPath(folder)].filter(file => lstatSync(file, { throwIfNoEntry: false }))
  attempt(`put ${path} aside`, () => renameSync(path ?? recordPath(folder), aside))
  return aside
}

/** Differs after each boot (random(4)). */
export function bootId(): string {
  return attempt('read the boot’s id', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
}
