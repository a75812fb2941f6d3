/** What the tests of this room share: labs with names of their own that are gone afterwards, and `ip` as the witness. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { LabSpace } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { bootId } from '../../src/kernel/record.js'
import type { LabRecord } from '../../src/model/plan.js'
import { Batch } from '../../src/netlink/batch.js'

let count = 0

/** A name that no other test has. */
export function labName(): string {
  return `kt${process.pid}-${++count}`
}

/** A record that nothing more was put into than it must have. */
export const recordOf = (lab: string): LabRecord => ({
  version: 1,
  blending: {},
  lab,
  boot: bootId(),
  state: 'up',
  source: { text: 'nodes: {}', label: 'x.yaml', variables: {}, assigned: {} },
  links: 0,
  created: 0,
  owner: 0,
  by: '0.1.0',
})

/** A lab with these nodes, for the time of `work`. */
export function withLab<T>(nodes: readonly string[], work: (space: LabSpace) => T): T {
  const space = linux().space(labName())
  space.create(recordOf(space.lab))
  try {
    for (const node of nodes) space.createNode(node)
    space.home()
    return work(space)
  } finally {
    space.remove()
  }
}

/** What `ip -j` says. */
export function ip(...words: readonly string[]): readonly Record<string, unknown>[] {
  const out = execFileSync('ip', ['-j', ...words], { encoding: 'utf8' })
  return out.trim() === '' ? [] : JSON.parse(out)
}

export function netns(): readonly string[] {
  return ip('netns', 'list').map(({ name }) => String(name))
}

/** What must be as before: our folders, mounts, and the namespace that this thread is in. */
export function machine(lab: string): unknown {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return {
    mounts: mounts.filter(line => line.includes(`/${lab}`)),
    files: [`/run/nstopo/${lab}`, `/run/nstopo/${lab}.lock`].filter(path => existsSync(path)),
    names: existsSync('/run/netns') ? netns().filter(name => name.startsWith(`${lab}.`)) : [],
    namespace: statSync('/proc/thread-self/ns/net').ino,
  }
}

export interface Message {
  readonly type: number
  readonly flags?: number
  /** Bytes after the header. */
  readonly body: Buffer
}

/** One batch of messages. */
export function batch(...messages: readonly Message[]): Batch {
  const result = new Batch()
  for (const { type, flags = 0, body } of messages) {
    result.begin(type, flags)
    const at = result.reserve(body.length)
    body.copy(result.bytes, at)
    result.end()
  }
  return result
}

export const create = 0x600

/** RTM_NEWLINK: struct ifinfomsg and attributes. */
export function newLink(
  link: { index: number; up?: boolean; flags?: number },
  ...attributes: readonly Buffer[]
): Message {
  const header = Buffer.alloc(16)
  header.writeInt32LE(link.index, 4)
  if (link.up) {
    header.writeUInt32LE(1, 8)
    header.writeUInt32LE(1, 12)
  }
  return { type: 16, flags: link.flags ?? 0, body: Buffer.concat([header, ...attributes]) }
}

/** RTM_DELLINK */
export function deleteLink(index: number): Message {
  return { ...newLink({ index }), type: 17 }
}

export function attribute(type: number, value: Buffer | string | number): Buffer {
  const payload = typeof value === 'number' ? int32(value) : Buffer.from(value)
  const bytes = Buffer.alloc((4 + payload.length + 3) & ~3)
  bytes.writeUInt16LE(4 + payload.length, 0)
  bytes.writeUInt16LE(type, 2)
  payload.copy(bytes, 4)
  return bytes
}

/** IFLA_IFNAME, and IFLA_LINKINFO with the kind and its data. */
export function kindOf(name: string, kind: string, ...data: readonly Buffer[]): readonly Buffer[] {
  const info = Buffer.concat([attribute(1, kind), ...(data.length > 0 ? [attribute(2, Buffer.concat(data))] : [])])
  return [attribute(3, `${name}\0`), attribute(18, info)]
}

/** RTM_GETLINK, all of them. */
export const listLinks = (): Batch => batch({ type: 18, flags: 0x300, body: Buffer.alloc(16) })

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
