/** Mininet, through its Python interface, without switches or controllers: hosts and routers only. Its hosts share the machine's processes. */
import { existsSync } from 'node:fs'
import { versionOf } from '../machine.js'
import type { Tool } from './contract.js'
import { noSuch } from './contract.js'
import { live } from './live.js'
import { debianPython, programOf } from './python.js'

export const mininet: Tool = {
  name: 'Mininet',
  how: 'a Python program: `addHost`, `addLink`, and `cmd` for the rest; the time until the network stands',
  version() {
    const is = existsSync(debianPython) && versionOf(debianPython, '-c', 'import mininet.net as n; print(n.VERSION)')
    return is ? { is } : noSuch('Mininet')
  },
  hosts: true,
  begin: task => live([debianPython, programOf('with_mininet.py')], task),
}
