/** A lab in; whether a run holds it out, which is asked without taking anything from anybody. */
import { lstatSync, readFileSync } from 'node:fs'
import { attempt } from './errors.js'
import { labFolder } from './home.js'

/**
 * A lock that was tried, and let go of again, would make a run fail that begins just then. So the kernel's list is read
 * (proc_locks(5)); a file without a lock was left by a run that was killed.
 */
export function isHeld(home: string, lab: string): boolean {
  const file = lstatSync(`${labFolder(home, lab)}.lock`, { throwIfNoEntry: false })
  if (!file) return false
  const id = `${hex(major(file.dev))}:${hex(minor(file.dev))}:${file.ino}`
  const locks = attempt('read the list of locks', () => readFileSync('/proc/locks', 'utf8'))
  return locks.split('\n').some(line => line.includes('FLOCK') && line.split(/\s+/).includes(id))
}

/** As makedev(3) packs them. */
const major = (device: number) => Number((BigInt(device) >> 8n) & 0xfffn)
const minor = (device: number) => Number((BigInt(device) & 0xffn) | ((BigInt(device) >> 12n) & 0xffffff00n))
const hex = (number: number) => number.toString(16).padStart(2, '0')
