/** What the tests of hosts share: labs with hosts that are gone afterwards, and commands run in them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { intoHost } from '../../../src/kernel/host/into.js'
import { livingHost, type Place } from '../../../src/kernel/host/living.js'
import type { LabSpace } from '../../../src/kernel/kernel.js'
import { linux } from '../../../src/kernel/linux.js'
import type { Host } from '../../../src/model/state.js'
import { labName, recordOf } from '../lab.js'

export const hostOf = (isolate: Host['isolate'], more: Partial<Host> = {}): Host => ({
  ...{ type: 'host', node: 'a', hostname: 'web.example', isolate, environment: {} },
  ...more,
})

export interface Lab {
  readonly space: LabSpace
  readonly place: Place
  /** The number of the init of node `a`. */
  readonly pid: number
  /** What a command in node `a` prints. */
  inside(...command: readonly string[]): string
  /** Words to spawn a command in node `a` by. */
  words(...command: readonly string[]): readonly [string, ...string[]]
}

/** A lab with such a host, for the time of `work`. */
export async function withHost(host: Host, work: (lab: Lab) => void | Promise<void>): Promise<void> {
  const space = linux().space(labName())
  const place = { home: '/run/nstopo', names: { lab: space.lab, folder: `/run/nstopo/${space.lab}` } }
  const words: Lab['words'] = (...command) => intoHost(livingHost(place, 'a')!, command)
  const inside: Lab['inside'] = (...command) => {
    const [program, ...rest] = words(...command)
    const { stdout, stderr, status } = spawnSync(program, rest, { encoding: 'utf8' })
    assert.equal(stderr, '')
    assert.equal(status, 0)
    return stdout.trim()
  }
  space.create(recordOf(space.lab))
  try {
    space.createNode('a')
    space.createHost(host)
    space.home()
    await work({ space, place, pid: space.readHost('a').host!.pid!, inside, words })
  } finally {
    space.remove()
  }
}
