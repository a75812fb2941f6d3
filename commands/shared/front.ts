#!/usr/bin/env node
/** The program: a command line in, an exit status out. Loads the one command that is run, and nothing for `--version`. */
import * as nodeModule from 'node:module'
import { version } from '../../src/version.js'
import { compileCache } from './compile-cache.js'

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`)
else {
  const folder = compileCache()
  if (folder !== undefined && 'enableCompileCache' in nodeModule) nodeModule.enableCompileCache(folder)
  try {
    const { dispatch } = await import('./dispatch.js')
    process.exitCode = await dispatch(argv)
  } catch (thrown) {
    // Nothing is thrown on purpose: this is a mistake of ours (sysexits.h: EX_SOFTWARE).
    process.stderr.write(`nstopo ${version} failed: ${thrown instanceof Error ? thrown.stack : thrown}\n`)
    process.exitCode = 70
  }
}
