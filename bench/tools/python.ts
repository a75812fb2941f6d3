/** Which Python has a package: Debian's own, and the one of bench/install-peers. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { versionOf } from '../machine.js'
import { noSuch } from './contract.js'

export const peersPython = join(import.meta.dirname, '../.peers/python/bin/python3')
export const debianPython = '/usr/bin/python3'

/** The version of a package that this Python can import. */
export function packageVersion(python: string, name: string): { readonly is: string } | { readonly absent: string } {
  if (!existsSync(python)) return noSuch(name)
  const is = versionOf(python, '-c', `import importlib.metadata as m, ${name}; print(m.version("${name}"))`)
  return is === undefined ? noSuch(name) : { is }
}

export const programOf = (name: string): string => join(import.meta.dirname, '../peers', name)
