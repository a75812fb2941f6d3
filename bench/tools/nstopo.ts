/** nstopo itself, as it is shipped: the bundled program, a process of its own for each command. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pack from '../../package.json' with { type: 'json' }
import { version } from '../../src/version.js'
import type { Tool } from './contract.js'

export const program = join(import.meta.dirname, '../..', pack.bin.nstopo)

export const nstopo: Tool = {
  name: 'nstopo',
  how: '`nstopo up FILE`',
  hosts: true,
  version: () => (existsSync(program) ? { is: version } : { absent: 'it is not built: npm run build' }),
  begin({ work, lab, folder, meter }) {
    const file = join(folder, 'lab.yaml')
    writeFileSync(file, work.text)
    return {
      up: () => meter.run(process.execPath, [program, 'up', '--name', lab, file]),
      down: () => meter.run(process.execPath, [program, 'down', lab]),
    }
  },
}
