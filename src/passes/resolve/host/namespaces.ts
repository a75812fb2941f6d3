/** A node in; which namespaces it has of its own out, with what follows from its other keys, and its clocks. */
import { error } from '../../../diagnostic.js'
import { isolatedKinds, signedSeconds } from '../../../kinds/index.js'
import type { HostEntry, IsolatedKind } from '../../../model/network.js'
import type { DraftNode, Report } from '../draft.js'
import { list, pick } from '../item.js'

type Said = { readonly [K in 'time' | 'limits' | 'users']: HostEntry[K] | undefined } & Pick<HostEntry, 'files'>

/** In the order of `isolatedKinds`. */
export function isolated(node: DraftNode, said: Said, report: Report): readonly IsolatedKind[] {
  const asked = new Set(list(pick(node.spec, 'isolate')).map(({ value }) => value))
  const user = list(pick(node.spec, 'isolate')).find(({ value }) => value === 'user')
  if (user && !pick(node.spec, 'users')) {
    const hint = 'say how: `users: { map: "0 100000 65536" }` makes the machine’s 100000 its root'
    report(
      error('missing-key', `ids of ${node.name}’s own are ids of the machine too: \`users\` says which`, user.at, {
        hint,
      }),
    )
  }
  const wanted = new Set<IsolatedKind>(isolatedKinds.filter(kind => asked.has(kind)))
  if (asked.has('all')) for (const kind of ['mount', 'pid', 'ipc', 'cgroup'] as const) wanted.add(kind)
  if (said.users) wanted.add('user')
  if (said.time) wanted.add('time')
  if (said.limits) wanted.add('cgroup')
  if (said.files.length > 0 || wanted.has('pid')) wanted.add('mount')
  return isolatedKinds.filter(kind => wanted.has(kind))
}

/** Seconds: the kernel takes no clock that is further than half of what it can count (kernel/time/namespace.c). */
const furthest = 4_600_000_000

export function readTime(node: DraftNode, report: Report): HostEntry['time'] {
  const said = pick(node.spec, 'time')
  if (said === undefined) return undefined
  const [monotonic, boottime] = (['monotonic', 'boottime'] as const).map(clock => {
    const item = pick(said, clock)
    const ahead = item ? signedSeconds(item.value)! : 0
    if (item && Math.abs(ahead) > furthest)
      report(error('bad-value', `\`${clock}\` is at most 53000d ahead or behind, not \`${item.value}\``, item.at))
    return ahead
  })
  return { monotonic: monotonic!, boottime: boottime! }
}
