/**
 * A topology in; what nstopo's own passes would have the kernel do, as a file for `floor replay`, out. Records are a kind,
 * a node's number and a size (u32 each), then so many bytes.
 */
import { writeFileSync } from 'node:fs'
import type { LabSpace } from '../src/kernel/kernel.js'
import { linux } from '../src/kernel/linux.js'
import { sysctlPath } from '../src/kernel/sysctl.js'
import type { Batch } from '../src/netlink/batch.js'
import { flag } from '../src/netlink/messages.js'
import { diff } from '../src/passes/diff.js'
import { execute } from '../src/passes/execute.js'
import { plan } from '../src/passes/plan.js'
import { freshFor } from '../src/pipeline/survey.js'
import { compile } from '../src/pipeline.js'

const kinds = { namespace: 1, setting: 2, messages: 3 } as const
const firstNamespace = 0xffffffff
/** FIRST_FD of floor/replay.c. */
const firstDescriptor = 10_000

export interface Prepared {
  readonly namespaces: number
  readonly settings: number
  readonly sends: number
  readonly messages: number
}

/** Writes the operations of a fresh `up` to `file`, and counts them. */
export async function prepare(text: string, lab: string, file: string): Promise<Prepared> {
  const { value } = compile({ text, label: lab, name: lab, variables: {}, environment: {} })
  if (!value) throw new Error(`the topology of ${lab} is wrong`)
  const observed = new Map()
  const fresh = freshFor(value.state, observed, linux())
  const changes = diff({ desired: value.state, observed, fresh })
  const { operations } = plan({ lab, changes, desired: value.state, observed, fresh })
  const recorder = new Recorder(lab)
  const { refused } = await execute(operations, recorder.space, { observed })
  if (refused.length > 0) throw new Error(`${lab} cannot be prepared: ${refused[0]!.text}`)
  writeFileSync(file, Buffer.concat(recorder.records))
  return recorder.counts
}

class Recorder {
  readonly records: Buffer[] = []
  readonly counts = { namespaces: 0, settings: 0, sends: 0, messages: 0 }
  readonly space: LabSpace
  private readonly numbers = new Map<string, number>()

  constructor(lab: string) {
    const part = {
      lab,
      exists: false,
      createNode: (node: string) => this.namespace(node),
      descriptor: (node: string) => firstDescriptor + this.number(node),
      writeSysctl: (node: string, name: string, value: string) => this.setting(node, name, value),
      send: (node: string | undefined, batch: Batch) => this.messages(node, batch),
      home: () => {},
      close: () => {},
    } satisfies Partial<LabSpace>
    this.space = new Proxy(part as Partial<LabSpace> as LabSpace, { get: known })
  }

  private namespace(node: string): void {
    this.numbers.set(node, this.numbers.size)
    this.counts.namespaces++
    this.record(kinds.namespace, this.number(node), Buffer.from(node))
  }

  private setting(node: string, name: string, value: string): void {
    this.counts.settings++
    this.record(kinds.setting, this.number(node), Buffer.from(`sys/${sysctlPath(name)}\0${value}`))
  }

  /** The last message alone is acknowledged, as nstopo does it. */
  private messages(node: string | undefined, batch: Batch): readonly [] {
    const bytes = Buffer.from(batch.bytes.subarray(0, batch.length))
    const flags = batch.starts[batch.starts.length - 1]! + 6
    bytes.writeUInt16LE(bytes.readUInt16LE(flags) | flag.ack, flags)
    this.counts.sends++
    this.counts.messages += batch.starts.length
    this.record(kinds.messages, node === undefined ? firstNamespace : this.number(node), bytes)
    return []
  }

  private number(node: string): number {
    return this.numbers.get(node)!
  }

  private record(kind: number, where: number, bytes: Buffer): void {
    const head = Buffer.alloc(12)
    for (const [at, value] of [kind, where, bytes.length].entries()) head.writeUInt32LE(value, at * 4)
    this.records.push(head, bytes)
  }
}

/** What a fresh `up` does not ask for is not made up here. */
function known(target: LabSpace, key: string | symbol): unknown {
  if (key in target) return target[key as keyof LabSpace]
  throw new Error(`prepare.ts has no ${String(key)} of LabSpace`)
}
