/** Labs up, asked for all that they hold, and down again: real answers of the kernel, to be damaged. */

import { source } from '../../src/index.js'
import { kindOf, type ReadContext, readLinkName } from '../../src/resources/index.js'
import { fileSource, kernel, shipped, withLab } from '../support/labs.js'
import { labName } from '../support/machine.js'

export const dumped = ['link', 'address', 'route', 'rule', 'neighbor'] as const
export type Dumped = (typeof dumped)[number]

export interface Dumps {
  /** Bodies of messages, by what they are about. */
  readonly bodies: Readonly<Record<Dumped, readonly Buffer[]>>
  /** Whole messages, with their headers. */
  readonly messages: readonly Buffer[]
  readonly context: ReadContext
}

/** What no shipped topology has: neighbours, and rules with every selector. */
const rest = `nodes:
  r1:
    neighbors: [{ to: 10.0.0.2, mac: "02:00:00:00:00:02", dev: eth0 }, { to: fd00::2, mac: "02:00:00:00:00:02", dev: eth0 }]
    rules: [{ from: 10.0.0.0/8, to: 10.9.0.0/16, iif: eth0, sport: 1-2, dport: 80, ipproto: tcp, fwmark: 1, uidrange: 5-6, table: 9 }]
    routes: [{ to: 10.7.0.0/16, via: 10.0.0.2, table: 9, mtu: 1400, metric: 7 }]
  r2: {}
links: [["r1:eth0 10.0.0.1/24 fd00::1/64", "r2:eth0 10.0.0.2/24"]]
`

/** Of every shipped topology; different ones only. */
export async function recordDumps(): Promise<Dumps> {
  const found = new Map<Dumped, Map<string, Buffer>>(dumped.map(type => [type, new Map()]))
  const messages = new Map<string, Buffer>()
  const names = new Map<number, string>()
  const lab = labName('fuzz')
  for (const subject of [...shipped.map(path => fileSource(path, lab)), source(rest, { name: lab })])
    await withLab(subject, () => {
      const space = kernel.space(lab)
      for (const node of space.nodes().keys())
        for (const type of dumped)
          for (const { bytes, start, end } of space.dump(node, kindOf(type).request!())) {
            const named = type === 'link' ? readLinkName({ bytes, start, end }) : undefined
            if (named) names.set(...named)
            found.get(type)!.set(bytes.toString('hex', start, end), Buffer.from(bytes.subarray(start, end)))
            messages.set(bytes.toString('hex', start, end), Buffer.from(bytes.subarray(start - 16, end)))
          }
      space.close()
    })
  const all = (type: Dumped) => [...found.get(type)!.values()]
  const bodies = {
    ...{ link: all('link'), address: all('address'), route: all('route') },
    ...{ rule: all('rule'), neighbor: all('neighbor') },
  }
  return { bodies, messages: [...messages.values()], context: { node: 'r1', linkName: index => names.get(index) } }
}
