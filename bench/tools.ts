/** Everything that is compared, in the order of the tables. */
import type { Tool } from './tools/contract.js'
import { bytes, floor, floorTwo } from './tools/floor.js'
import { ipBatch } from './tools/ip-batch.js'
import { ipScript } from './tools/ip-script.js'
import { mininet } from './tools/mininet.js'
import { munet } from './tools/munet.js'
import { nstopo } from './tools/nstopo.js'
import { pyroute2 } from './tools/pyroute2.js'

export const tools: readonly Tool[] = [nstopo, floor, floorTwo, bytes, ipBatch, ipScript, pyroute2, mininet, munet]

/** Others that somebody might pick, and why they are not here. */
export const unavailable: readonly { readonly name: string; readonly why: string }[] = [
  { name: 'nlink-lab', why: 'no package registry has it' },
]
