/** A command under strace(1): how many system calls it makes, and which programs and processes it starts. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { versionOf } from './machine.js'

export interface Traced {
  readonly calls: number
  /** Programs run by it and processes made by it; its threads are none. */
  readonly processes: number
}

/** Undefined without strace. */
export function trace(folder: string, command: readonly string[]): Traced | undefined {
  if (versionOf('strace', '-V') === undefined) return undefined
  const file = join(folder, 'calls')
  execFileSync('strace', ['-f', '-qq', '-s', '0', '-o', file, ...command], { stdio: 'ignore' })
  const calls = readFileSync(file, 'utf8').trim().split('\n').filter(isCall)
  const programs = calls.filter(line => /^\d+ +execve/.test(line) && !line.includes('ENOENT')).length - 1
  return { calls: calls.length, processes: programs + calls.filter(isFork).length }
}

/** Not the second half of one that another thread's came between, nor a signal or an end. */
function isCall(line: string): boolean {
  return /^\d+ +\w+\(/.test(line)
}

function isFork(line: string): boolean {
  return /^\d+ +(v?fork|clone3?)\(/.test(line) && !line.includes('CLONE_THREAD')
}
