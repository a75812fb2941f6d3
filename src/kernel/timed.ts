/** A kernel and a trace in; the same kernel out, each of whose calls is a span of the trace. */
import type { About, Trace } from '../model/trace.js'
import type { Batch } from '../netlink/batch.js'
import { type MessageName, messageName } from '../netlink/message-names.js'
import type { Kernel, LabSpace, Refusal } from './kernel.js'

/** What calls are named; those of `untimed` do nothing that takes time, and others go by their own name. */
const names: Readonly<Record<string, string>> = {
  ...{
    labs: 'list labs',
    lock: 'lock',
    held: 'look for a lock',
    obstacle: 'look for obstacles',
    checks: 'check this machine',
  },
  ...{ shortages: 'look at the limits' },
  ...{ freshSysctls: 'read a new namespace’s settings', create: 'mount the lab’s folder', remove: 'remove lab' },
  ...{ record: 'read record', saveRecord: 'write record', nodes: 'list namespaces', processes: 'find processes' },
  ...{ namespaces: 'find namespaces', openFile: 'open a file', usage: 'read usage' },
  ...{ inside: 'work in a node', start: 'start a program' },
  ...{ createNode: 'create namespace', removeNode: 'remove namespace', close: 'close descriptors' },
  ...{ createHost: 'create host', updateHost: 'change host', removeHost: 'remove host', readHost: 'read host' },
  ...{ mendHosts: 'end dead hosts' },
  ...{ putFile: 'put file', removeFile: 'remove file', supervise: 'start and stop processes' },
  ...{ readSysctls: 'read settings', writeSysctl: 'write setting' },
}
const untimed = new Set([
  'bootId',
  'user',
  'enter',
  'descriptor',
  'expectNodes',
  'expectSettings',
  'home',
  'listen',
  'prepare',
  'probes',
])

export function timed(kernel: Kernel, trace: Trace): Kernel {
  let ready = false
  // Else the first call that needs it would seem to take so long.
  const prepared = () => {
    if (!ready) trace.span({ name: 'load koffi', category: 'phase' }, kernel.prepare)
    ready = true
    return kernel
  }
  return watched(kernel, trace, {
    trace,
    space: lab => timedSpace(prepared().space(lab), trace),
    obstacle: () => trace.span(call({ name: 'look for obstacles' }), prepared().obstacle),
  })
}

function timedSpace(space: LabSpace, trace: Trace): LabSpace {
  return watched(space, trace, {
    send: (node, batch) =>
      sendByKind(batch, (kind, part) => {
        const more = { ...at(node), refused: 0 }
        return trace.span({ ...kind, category: 'kernel', more }, () => {
          const refusals = space.send(node, part)
          more.refused = refusals.length
          return refusals
        })
      }),
    dump(node, request) {
      const more = { ...at(node), answers: 0 }
      return trace.span({ ...call(messageName(request.bytes, 0)), more }, () => {
        const answers = space.dump(node, request)
        more.answers = answers.length
        return answers
      })
    },
    createDevice: (node, device) =>
      trace.span({ ...call({ name: `create ${device.mode}` }), more: at(node) }, () =>
        space.createDevice(node, device),
      ),
  })
}

interface Kind extends MessageName {
  readonly count: number
}

/** Each run of messages of one kind is sent by itself, so that its time is its own. What is refused keeps its index. */
export function sendByKind(batch: Batch, send: (kind: Kind, part: Batch) => readonly Refusal[]): readonly Refusal[] {
  const refusals: Refusal[] = []
  const kinds = batch.starts.map(start => messageName(batch.bytes, start))
  for (let from = 0; from < kinds.length; ) {
    const kind = kinds[from]!
    let to = from + 1
    while (kinds[to]?.name === kind.name && kinds[to]?.message === kind.message) to++
    for (const refusal of send({ ...kind, count: to - from }, batch.part(from, to)))
      refusals.push({ ...refusal, index: from + refusal.index })
    from = to
  }
  return refusals
}

/** The same object, but for its own members; what it can do besides is timed. */
function watched<T extends object>(target: T, trace: Trace, own: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key)
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function' || untimed.has(String(key))) return member
      return (...words: readonly unknown[]) =>
        trace.span(called(String(key), words), () => Reflect.apply(member, target, words))
    },
  })
}

/** A text that is given to a call is a lab or a node; a host or a file has one. */
function called(method: string, [first]: readonly unknown[]): About {
  const about = call({ name: names[method] ?? method })
  if (typeof first === 'string') return { ...about, more: { of: first } }
  const node = typeof first === 'object' && first !== null && Reflect.get(first, 'node')
  return typeof node === 'string' ? { ...about, more: { of: node } } : about
}

function call(kind: { readonly name: string; readonly message?: string }): About {
  return { ...kind, category: 'kernel', count: 1 }
}

function at(node: string | undefined): { readonly node?: string } {
  return node === undefined ? {} : { node }
}
