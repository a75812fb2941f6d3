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
/** Whether we become another program, and so have nothing to say but of failures: making the streams takes 10 ms. */
const becomes = /^(exec|shell)$/.test(first) && !argv.some(word => /^(-n|--(node|all|json|help)\b)/.test(word))

if (!becomes) process.stdout.on('error', unwritten)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`)
else start()

function start(): void {
  process.on('uncaughtException', mistake)
  if (!becomes) prepare()
  goToOwn(argv)
  const part = /^[a-z]+$/.test(first) ? first : 'other'
  const program = loadCached<typeof import('./dispatch.js')>(join(__dirname, 'program.cjs'), part, version)
  program.exports.beforeLeaving(program.keep)
  program.exports.dispatch(argv, begun).then(status => {
    process.exitCode = status
    // Words that are none come in any number.
    if (program.exports.knows(part)) program.keep()
  }, mistake)
}

function prepare(): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  // Where errors are told there is nobody left to tell.
  process.stderr.on('error', () => {})
  // A command ends before what V8 11 compiles of it in the background would pay; newer ones know that, and not the flag.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000')
  // Left alone, V8 lets the heap grow to twice what lives in it: of 10,000 nodes that is 4 KiB a node more.
  setFlagsFromString('--heap-growing-percent=20')
}

/** Nothing is thrown on purpose: this is a mistake of ours (sysexits.h: EX_SOFTWARE). */
function mistake(thrown: unknown): void {
  // Nobody listens for what becomes of the standard error then.
  if (becomes && thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'write') return
  process.stderr.write(`nstopo ${version} failed: ${thrown instanceof Error ? thrown.stack : thrown}\n`)
  process.exit(70)
}

/** A full disk, say (sysexits.h: EX_IOERR). A reader who has seen enough and went away is no error. */
function unwritten({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return
  process.stderr.write(`error: standard output can’t be written: ${message}\n`)
  process.exit(74)
}
