/** pyroute2, netlink for Python: one program that makes namespaces and cables, then goes through the nodes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { peerModel } from '../model.js'
import type { Tool } from './contract.js'
import { packageVersion, peersPython, programOf } from './python.js'

export const pyroute2: Tool = {
  name: 'pyroute2',
  how: 'a Python program: `netns.create`, `IPRoute` for cables, `NetNS` for each node',
  version: () => packageVersion(peersPython, 'pyroute2'),
  begin({ network, folder, meter }) {
    const file = join(folder, 'model.json')
    writeFileSync(file, JSON.stringify(peerModel(network)))
    const run = (verb: string) => meter.run(peersPython, [programOf('with_pyroute2.py'), verb, file])
    return { up: () => run('up'), down: () => run('down') }
  },
}
