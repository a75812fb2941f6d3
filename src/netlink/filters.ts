/** Messages of nf_tables → chains and rules, as far as they tell what drops packets (linux/netfilter/nf_tables.h). */
import { attributes, type Codec, text } from './attributes.js'
import type { Body } from './batch.js'

export interface FilterChain {
  readonly family: string
  readonly table: string
  readonly chain: string
  /** That no rule accepts is dropped. */
  readonly drops: boolean
  /** Packets come to it by themselves, not from another chain. */
  readonly base: boolean
}

export interface FilterRule {
  readonly family: string
  readonly table: string
  readonly chain: string
  readonly handle: number
  readonly verdict?: 'drop' | 'reject'
  /** Packets that it counted, where it counts. */
  readonly packets?: number
}

/** NFPROTO_… */
const families: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' }

const read = <T>(least: number, get: (bytes: Buffer, start: number, end: number) => T): Codec<T> => {
  return { least, write: () => 0, read: get }
}
/** nf_tables has its numbers in network byte order. */
const be32 = read(4, (bytes, at) => bytes.readUInt32BE(at))
const be64 = read(8, (bytes, at) => Number(bytes.readBigUInt64BE(at)))

const verdict = attributes({ code: [1, be32] })
const immediate = attributes({ data: [2, attributes({ verdict: [2, verdict] })] })
const counter = attributes({ packets: [2, be64] })
const body = read(0, (bytes, start, end) => ({ bytes, start, end }))
const expression = attributes({ name: [1, text], data: [2, body] })
/** NFTA_LIST_ELEM after NFTA_LIST_ELEM */
const expressions = read(0, (bytes, start, end) => {
  const found: ReturnType<typeof expression.read>[] = []
  for (let at = start; at + 4 <= end; ) {
    const length = bytes.readUInt16LE(at)
    if (length < 4 || at + length > end) break
    found.push(expression.read(bytes, at + 4, at + length))
    at += (length + 3) & ~3
  }
  return found
})
const rule = attributes({ table: [1, text], chain: [2, text], handle: [3, be64], expressions: [4, expressions] })
const chain = attributes({ table: [1, text], chain: [3, text], hook: [4, body], policy: [5, be32] })

/** struct nfgenmsg stands before the attributes. */
const header = 4
/** NF_DROP */
const drop = 0

export function readFilterChain({ bytes, start, end }: Body): FilterChain {
  const { table = '', chain: name = '', hook, policy } = chain.read(bytes, start + header, end)
  return { family: familyAt(bytes, start), table, chain: name, base: hook !== undefined, drops: policy === drop }
}

export function readFilterRule({ bytes, start, end }: Body): FilterRule {
  const { table = '', chain: name = '', handle = 0, expressions = [] } = rule.read(bytes, start + header, end)
  const whole = { family: familyAt(bytes, start), table, chain: name, handle }
  let rest: Pick<FilterRule, 'verdict' | 'packets'> = {}
  for (const { name: what, data } of expressions) {
    if (what === 'reject') rest = { ...rest, verdict: 'reject' }
    if (!data) continue
    if (what === 'immediate' && codeIn(data) === drop) rest = { ...rest, verdict: 'drop' }
    if (what === 'counter') rest = { ...rest, packets: counter.read(data.bytes, data.start, data.end).packets ?? 0 }
  }
  return { ...whole, ...rest }
}

function codeIn({ bytes, start, end }: Body): number | undefined {
  return immediate.read(bytes, start, end).data?.verdict?.code
}

function familyAt(bytes: Buffer, start: number): string {
  return families[bytes[start] ?? 0] ?? 'unknown'
}
