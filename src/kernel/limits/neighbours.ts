/** How many neighbours a lab will have → what the tables, one for all namespaces, have too little room for. */
import type { Needs } from '../../model/needs.js'
import type { Shortage } from '../kernel.js'
import { type Roots, readSetting, readText, roundUp } from './figures.js'
import { setting } from './namespaces.js'

const tables = [
  { family: 4, name: 'ARP', cache: 'arp_cache' },
  { family: 6, name: 'ND', cache: 'ndisc_cache' },
] as const

/** Past `gc_thresh3` the kernel knows no new neighbour, and packets are lost; both files are in the first namespace alone. */
export function neighbourShortages({ neighbours }: Needs, roots: Roots): readonly Shortage[] {
  return tables.flatMap(({ family, name, cache }) => {
    const [wanted, setsLimit] = [neighbours.get(family) ?? 0, `net.ipv${family}.neigh.default.gc_thresh3`]
    if (wanted === 0) return []
    const [limit, inUse] = [readSetting(setsLimit, roots), entriesOf(cache, roots)]
    if (limit === undefined || inUse === undefined || inUse + wanted <= limit) return []
    const message =
      `once all ends of the lab’s links have talked, the ${name} table has ${inUse + wanted} entries, and all namespaces ` +
      `together may have ${setsLimit} = ${limit}: past that packets are lost (neighbor table overflow)`
    return [{ message, fix: setting(setsLimit, Math.max(4096, roundUp(1.5 * (inUse + wanted)))), fatal: false }]
  })
}

/** The first column, a hexadecimal number that every processor's line repeats. */
function entriesOf(cache: string, { proc }: Roots): number | undefined {
  const line = readText(`${proc}/net/stat/${cache}`)?.split('\n')[1]
  const entries = line === undefined ? Number.NaN : Number.parseInt(line, 16)
  return Number.isNaN(entries) ? undefined : entries
}
