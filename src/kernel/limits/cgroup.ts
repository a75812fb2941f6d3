/** The control groups that this process is in → how much memory each that has a limit leaves (cgroups(7)), the tightest first. */
import { lineNumber, type Roots, readNumber, readText, sum } from './figures.js'

export interface GroupMemory {
  readonly available: number
  readonly limit: number
  /** Where the limit is set. */
  readonly file: string
}

interface Version {
  /** Of /proc/self/cgroup: the path of the group stands behind it. */
  readonly line: RegExp
  readonly mounted: string
  readonly limit: string
  readonly usage: string
  /** Of memory.stat: what the group gives up under pressure. */
  readonly reclaimable: readonly string[]
}

const versions: readonly Version[] = [
  {
    line: /^0::(\/.*)$/m,
    mounted: 'fs/cgroup',
    limit: 'memory.max',
    usage: 'memory.current',
    reclaimable: ['active_file', 'inactive_file', 'slab_reclaimable'],
  },
  {
    line: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m,
    mounted: 'fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    reclaimable: ['total_active_file', 'total_inactive_file'],
  },
]

export function groupMemory(roots: Roots): readonly GroupMemory[] {
  const groups = readText(`${roots.proc}/self/cgroup`) ?? ''
  const found = versions.flatMap(version => {
    const path = version.line.exec(groups)?.[1]
    return path === undefined
      ? []
      : upwards(path).flatMap(part => memoryOf(version, `${roots.sys}/${version.mounted}${part}`))
  })
  return found.sort((a, b) => a.available - b.available)
}

/** A group's limit holds for all below it. In a container the upper ones are not to be seen, and its own may stand at the top. */
function upwards(path: string): readonly string[] {
  const parts = path.split('/').filter(Boolean)
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`).concat('')
}

function memoryOf({ limit: limitFile, usage, reclaimable }: Version, folder: string): readonly GroupMemory[] {
  const file = `${folder}/${limitFile}`
  const limit = readNumber(file)
  // Without a limit version 2 says `max`, and version 1 a number that no machine has.
  if (limit === undefined || limit >= Number.MAX_SAFE_INTEGER) return []
  const used = readNumber(`${folder}/${usage}`)
  if (used === undefined) return []
  const stat = readText(`${folder}/memory.stat`)
  const available = Math.max(0, limit - used) + sum(...reclaimable.map(name => lineNumber(stat, name)))
  return [{ available, limit, file }]
}
