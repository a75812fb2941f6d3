/** Tools whose networks live as long as their program does: it says when the network stands, and waits to be told to end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Sample } from '../measure.js'
import { peerModel } from '../model.js'
import type { Run, Task } from './contract.js'

/**
 * Runs a program that reads the model, prints its nodes' processes as JSON, and ends with its standard input. With `apart`
 * those are numbers of a PID namespace that the command's only child is the first process of.
 */
export function live(command: readonly string[], { network, folder }: Task, apart = false): Run {
  const file = join(folder, 'model.json')
  writeFileSync(file, JSON.stringify(peerModel(network)))
  let child: ChildProcess | undefined
  let processes: Readonly<Record<string, number>> = {}
  return {
    async up() {
      const started = performance.now()
      const [program, ...words] = [...command, file]
      // What a program that fails leaves behind goes with the folder.
      const env = { ...process.env, TMPDIR: folder }
      child = spawn(program!, words, { stdio: ['pipe', 'pipe', 'pipe'], env })
      processes = JSON.parse(await firstLine(child))
      return sample(started)
    },
    async down() {
      const started = performance.now()
      await ended(child!)
      return sample(started)
    },
    namespace: node => `${apart ? `/proc/${onlyChild(child!.pid!)}/root` : ''}/proc/${processes[node]}/ns/net`,
  }
}

const onlyChild = (pid: number) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()

const sample = (started: number): Sample => ({ ms: performance.now() - started, kib: 0 })

function firstLine(child: ChildProcess): Promise<string> {
  const said: string[] = []
  child.stderr!.on('data', data => said.push(String(data)))
  return new Promise((resolve, reject) => {
    createInterface(child.stdout!).once('line', resolve)
    child.once('error', reject)
    child.once('exit', status => reject(new Error(`it ended with ${status}: ${said.join('').slice(-2000)}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.stdin!.end()
  })
}
