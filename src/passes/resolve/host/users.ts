/** A node in; how its ids are mapped to the machine's out (user_namespaces(7)). */
import { error } from '../../../diagnostic.js'
import type { HostEntry, IdRange } from '../../../model/network.js'
import type { DraftNode, Report } from '../draft.js'
import { type Item, list, pick } from '../item.js'

/** The kernel keeps -1 to itself. */
const mostIds = 4_294_967_295
/** Since Linux 4.15. */
const mostRanges = 340

export function readUsers(node: DraftNode, report: Report): HostEntry['users'] {
  const said = pick(node.spec, 'users')
  if (said === undefined) return undefined
  const [map, uids, gids] = [pick(said, 'map'), pick(said, 'uids'), pick(said, 'gids')]
  const [users, groups] = [uids ?? map, gids ?? map]
  if (users && groups)
    return {
      uids: ranges(users, 'user', report),
      gids: groups === users ? ranges(users, 'user', noReport) : ranges(groups, 'group', report),
    }
  const missing = users ? 'gids' : groups ? 'uids' : 'map'
  const hint = '`map: "0 100000 65536"` holds for users and groups alike'
  report(error('missing-key', `\`${missing}\` is missing in \`users\` of ${node.name}`, said.at, { hint }))
  return undefined
}

const noReport: Report = () => {}

function ranges(said: Item<string | readonly string[]>, what: string, report: Report): readonly IdRange[] {
  const items = list<string>(said)
  const found = items.map(({ value }): IdRange => {
    const [inside, outside, count] = value.split(/ +/).map(Number)
    return { inside: inside!, outside: outside!, count: count! }
  })
  if (found.length > mostRanges) report(error('bad-value', `the kernel takes ${mostRanges} ranges`, said.at))
  found.forEach((range, i) => {
    const wrong = reach(range) ?? overlap(range, found.slice(0, i))
    if (wrong) report(error('bad-value', `\`${items[i]!.value}\`: ${wrong}`, items[i]!.at))
  })
  if (!found.some(({ inside, count }) => inside === 0 && count > 0)) {
    const hint = '`"0 100000 65536"` makes the machine’s 100000 its root'
    report(error('bad-value', `no ${what} of the machine’s is root there: no range begins at 0`, said.at, { hint }))
  }
  return found
}

function reach({ inside, outside, count }: IdRange): string | undefined {
  if (count === 0) return 'a range of none'
  return inside + count > mostIds || outside + count > mostIds ? `there are no ids over ${mostIds - 1}` : undefined
}

function overlap(range: IdRange, others: readonly IdRange[]): string | undefined {
  const meets = (a: number, b: number, other: IdRange) => a < b + other.count && b < a + range.count
  const twice = others.some(o => meets(range.inside, o.inside, o) || meets(range.outside, o.outside, o))
  return twice ? 'another range has some of these ids already' : undefined
}
