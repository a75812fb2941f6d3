/** A node and a command in; its exit status and output out, whatever it does to go on for longer than it may. */
import { exitStatus } from '../../src/kernel/child.js'
import type { RunIn } from '../../src/model/verdict.js'
import { start } from './side-by-side.js'

/** Bytes of each output that are kept. */
const longest = 1 << 20
/** As timeout(1) has it. */
const timedOut = 124
/** Milliseconds between TERM and KILL. */
const grace = 1000

export function runIn(lab: string, signal: AbortSignal): RunIn {
  return (node, command, within) =>
    new Promise(resolve => {
      const child = start({ lab, words: [], command }, node)
      const texts = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const)
        child[name]?.setEncoding('utf8').on('data', (piece: string) => {
          if (texts[name].length < longest) texts[name] += piece
        })
      let late = false
      const stop = () => {
        late = true
        child.kill('SIGTERM')
        setTimeout(() => child.kill('SIGKILL'), grace).unref()
      }
      const timer = setTimeout(stop, within)
      signal.addEventListener('abort', stop)
      const end = (status: number) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        resolve({ status: late ? timedOut : status, ...texts, ...(late && { stderr: 'it took too long' }) })
      }
      child.on('error', () => end(125))
      child.on('close', (code, name) => end(exitStatus(code, name)))
    })
}
