/** A kernel → the same kernel, but that it refuses chosen requests; all are counted, and named. */
import type { Kernel } from '../../src/index.js'
import { SystemError } from '../../src/index.js'
import type { LabSpace, OrderRefusal, Refusal, SuperviseOptions } from '../../src/kernel/kernel.js'
import type { Order } from '../../src/model/plan.js'
import type { Batch } from '../../src/netlink/batch.js'
import { messageName } from '../../src/netlink/message-names.js'

export interface Faulty extends Kernel {
  /** What was asked of the kernel, in order: methods, and each message of a batch. */
  readonly asked: readonly string[]
  /** What was refused, and with what. */
  readonly refused: readonly { readonly request: string; readonly errno: string }[]
}

/** What Linux refuses such a request with, where nobody is to blame but the machine, or somebody who was quicker. */
const errnos: Readonly<Record<string, readonly string[]>> = {
  lock: ['EMFILE', 'ENOSPC', 'EACCES'],
  create: ['ENOMEM', 'ENOSPC', 'EPERM', 'EACCES'],
  record: ['EMFILE', 'ENFILE', 'ENOMEM', 'EACCES'],
  saveRecord: ['ENOSPC', 'EMFILE', 'ENOMEM'],
  leave: ['ENOSPC', 'ENOMEM', 'EACCES'],
  remove: ['EBUSY', 'EPERM', 'ENOMEM'],
  createNode: ['EMFILE', 'ENOSPC', 'ENOMEM', 'EPERM'],
  removeNode: ['EBUSY', 'EPERM', 'ENOMEM'],
  createDevice: ['ENOENT', 'EBUSY', 'EPERM', 'ENOMEM', 'EMFILE'],
  writeSysctl: ['EINVAL', 'EACCES', 'ENOENT', 'EPERM', 'EMFILE'],
  createHost: ['ENOSPC', 'EPERM', 'ENOMEM', 'EAGAIN', 'EINVAL', 'ERANGE'],
  updateHost: ['EACCES', 'ENOMEM', 'EBUSY', 'ESRCH'],
  removeHost: ['EPERM', 'EBUSY', 'EMFILE'],
  putFile: ['ENOENT', 'ENOSPC', 'EROFS', 'EMFILE', 'EACCES', 'ESRCH'],
  removeFile: ['EBUSY', 'EPERM', 'ESRCH'],
  supervise: ['EAGAIN', 'ENOMEM', 'EMFILE', 'ECONNREFUSED', 'EPIPE'],
  'start process': ['ended with status 1 before it was ready', 'not ready after 30 s', 'no such program'],
  'stop process': ['does not end'],
  dump: ['EMFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN'],
  send: ['EMFILE', 'ENOBUFS', 'ENOMEM'],
  'create veth': ['EEXIST', 'EOPNOTSUPP', 'ENOMEM', 'EINVAL', 'ENOBUFS'],
  'create bridge': ['EEXIST', 'EOPNOTSUPP', 'ENOMEM', 'EINVAL'],
  'create vxlan': ['EEXIST', 'EOPNOTSUPP', 'ENOMEM', 'EINVAL', 'EADDRINUSE'],
  'create macvlan': ['EEXIST', 'EOPNOTSUPP', 'ENOMEM', 'EBUSY', 'EINVAL'],
  'update link': ['EINVAL', 'EBUSY', 'ENOMEM', 'ENETDOWN', 'EXFULL'],
  'remove link': ['EOPNOTSUPP', 'EPERM', 'EBUSY'],
  'create address': ['EEXIST', 'ENOBUFS', 'ENODEV', 'EINVAL', 'EACCES'],
  'create route': ['ENETUNREACH', 'EEXIST', 'ENOMEM', 'EINVAL', 'ENETDOWN', 'EHOSTUNREACH'],
  'write route': ['ENETUNREACH', 'ENOMEM', 'EINVAL', 'ENOBUFS'],
  'create rule': ['EEXIST', 'ENOMEM', 'EAFNOSUPPORT'],
  'write neighbour': ['ENOBUFS', 'ENODEV', 'EINVAL'],
}
/** Reading, and messages that remove; that something has gone already is no refusal. */
const others = ['ENOMEM', 'EMFILE', 'EPERM']

const untouched = new Set([
  'home',
  'close',
  'prepare',
  'obstacle',
  'shortages',
  'bootId',
  'user',
  'checks',
  'labs',
  'probes',
])
const untouchedOfSpace = new Set([
  ...untouched,
  'expectNodes',
  'listen',
  'expectSettings',
  'strangers',
  'adopt',
  'processes',
  'outputs',
  'namespaces',
  'usage',
  'outputs',
])

/** @param at which requests are refused, from 0; their places choose the errno too */
export function faulty(kernel: Kernel, at: ReadonlySet<number>): Faulty {
  const asked: string[] = []
  const refused: { request: string; errno: string }[] = []
  /** The errno of the next request, if it is to be refused. */
  const next = (request: string): string | undefined => {
    const number = asked.push(request) - 1
    if (!at.has(number)) return undefined
    const known = errnos[request] ?? others
    const errno = known[number % known.length]!
    refused.push({ request, errno })
    return errno
  }
  const call = <T>(request: string, work: () => T): T => {
    const errno = next(request)
    if (errno) throw new SystemError(request, errno, 'refused by the test')
    return work()
  }
  const space = (lab: string): LabSpace => {
    const whole = kernel.space(lab)
    return watched(whole, untouchedOfSpace, call, {
      send: (node, batch) => sendEach(whole, node, batch, next),
      supervise: (orders, options) => call('supervise', () => orderEach(whole, orders, { options, next })),
    })
  }
  return Object.assign(watched(kernel, untouched, call, { space }), { asked, refused })
}

/** Every message is a request of its own. */
function sendEach(
  space: LabSpace,
  node: string | undefined,
  batch: Batch,
  next: (request: string) => string | undefined,
): readonly Refusal[] {
  return batch.starts.flatMap((start, index) => {
    const errno = next(messageName(batch.bytes, start).name)
    if (errno) return [{ index, errno, text: 'refused by the test' }]
    return space.send(node, batch.part(index, index + 1)).map(refusal => ({ ...refusal, index }))
  })
}

interface Ordering {
  readonly options: SuperviseOptions | undefined
  readonly next: (request: string) => string | undefined
}

/** Every order is a request of its own; what is refused came to nothing, the others go on. */
async function orderEach(
  space: LabSpace,
  orders: readonly Order[],
  { options, next }: Ordering,
): Promise<readonly OrderRefusal[]> {
  const refused = orders.flatMap((order, index): readonly OrderRefusal[] => {
    const reason = next(`${order.do} process`)
    return reason ? [{ index, reason, output: ['the last line'] }] : []
  })
  const others = orders.flatMap((_, index) => (refused.some(one => one.index === index) ? [] : [index]))
  const more = await space.supervise(
    others.map(index => orders[index]!),
    options,
  )
  return [...refused, ...more.map(one => ({ ...one, index: others[one.index]! }))]
}

function watched<T extends object>(
  target: T,
  untouched: ReadonlySet<string>,
  call: <R>(request: string, work: () => R) => R,
  own: Partial<T>,
): T {
  const members: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
    const value: unknown = member.value
    if (typeof value !== 'function') Object.defineProperty(members, name, member)
    else if (untouched.has(name)) members[name] = value
    else members[name] = (...words: readonly unknown[]) => call(name, () => Reflect.apply(value, target, words))
  }
  return Object.assign(members, own) as T
}
