#!/usr/bin/env node
/** The program: a command line in, an exit status out. Loads the one command that is run, and nothing for `--version`. */
import { join } from 'node:path'
import { version } from '../../src/version.js'
import { loadCached } from './code-cache.js'
import { goToOwn } from './own.js'

/** Before this Node.js started, which `--timings` tells too. */
const begun = performance.now()

const argv = process.argv.slice(2)
const [first = ''] = argv
const asks = argv.some(word => /^(-n|--(node|all|json|help)\b)/.test(word))
/** Whether we become another program. */
const becomes = /^(exec|shell)$/.test(first) && !asks
/** Whether we have nothing to say but of failures: making the streams takes 10 ms. */
const isSilent = becomes || (first === 'run' && !asks)

if (!isSilent) process.stdout.on('error', unwritten)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`)
else start()

function start(): void {
  // Where errors are told, which is made when there is one, there is nobody left to tell.
  process.on('uncaughtException', thrown => isOfWriting(thrown) || mistake(thrown))
  if (!becomes) prepare()
  goToOwn(argv)
  const part = /^[a-z]+$/.test(first) ? first : 'other'
  const program = loadCached<typeof import('./dispatch.js')>(join(__dirname, 'program.cjs'), part, version)
  program.exports.beforeLeaving(program.keep)
  program.exports.dispatch(argv, begun).then(status => {
    process.exitCode = status
    // Words that are none come in any number.
    if (program.exports.knows(part)) program.keep()
    // Nothing is left to be written, and what Node would tidy up goes with the process.
    if (isSilent) process.exit()
  }, mistake)
}

function prepare(): void {
  const isOld = process.versions.v8.startsWith('11.')
  // It loads Node's streams, for which a run has no other use.
  if (isSilent && !isOld) return
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  // A command ends before what V8 11 compiles of it in the background would pay; newer ones know that, and not the flag.
  if (isOld) setFlagsFromString('--interrupt-budget=1000000')
  // Left alone, V8 lets the heap grow to twice what lives in it: of 10,000 nodes that is 4 KiB a node more.
  setFlagsFromString('--heap-growing-percent=20')
}

const isOfWriting = (thrown: unknown) => thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'write'

/** Nothing is thrown on purpose: this is a mistake of ours (sysexits.h: EX_SOFTWARE). */
function mistake(thrown: unknown): void {
  process.stderr.write(`nstopo ${version} failed: ${thrown instanceof Error ? thrown.stack : thrown}\n`)
  process.exit(70)
}

/** A full disk, say (sysexits.h: EX_IOERR). A reader who has seen enough and went away is no error. */
function unwritten({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return
  process.stderr.write(`error: standard output can’t be written: ${message}\n`)
  process.exit(74)
}
