/** munet, through its Python interface: hosts and routers only. */
import type { Tool } from './contract.js'
import { live } from './live.js'
import { packageVersion, peersPython, programOf } from './python.js'

/** It enters the namespaces of process 1, which not every machine lets it: it gets a first process of its own. */
const apart = ['unshare', '--net', '--pid', '--mount', '--fork', '--kill-child', '--mount-proc']

export const munet: Tool = {
  name: 'munet',
  how: 'a Python program: `add_host`, `add_link`, and `cmd_raises` for the rest; the time until the network stands',
  version: () => packageVersion(peersPython, 'munet'),
  hosts: true,
  most: { nodes: 100, why: 'more take many minutes' },
  begin: task => live([...apart, peersPython, programOf('with_munet.py')], task, true),
}
