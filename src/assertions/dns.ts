/** A name and a server in; the addresses that the server answers with out (RFC 1035). */
import { targetsOf } from '../explain.js'
import { SystemError } from '../kernel/kernel.js'
import type { AssertionOf } from '../model/assertion.js'
import { parseAddress } from '../model/ip.js'
import { ip } from '../netlink/codecs.js'
import type { Bench, Doubt } from './bench.js'

const port = 53
const types = { A: 1, AAAA: 28 } as const
/** A question may get lost: each gets so many milliseconds. */
const patience = 1000
const codes: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
}

export async function resolves(
  { scene }: Bench,
  from: string,
  wanted: AssertionOf<'dns'>,
  left: number,
): Promise<Doubt> {
  const { name, type, answer } = wanted
  const server = wanted.server ?? serverOf(scene, from)
  if (server === undefined) return `${from} has no dns server: say \`server\``
  const [target] = targetsOf(scene, from, server)
  if (!target) return `${from} and ${server} have no addresses of one family`
  const sent = { bytes: questionFor(name, types[type]), within: Math.min(left, patience) }
  let bytes: Buffer | undefined
  try {
    bytes = await scene.probes.datagram(from, { address: target.address, port }, sent)
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
    return `${target.address}: ${thrown.text.toLowerCase()}`
  }
  if (!bytes) return `${target.address} does not answer`
  const found = readAnswer(bytes, types[type])
  if (typeof found === 'string') return `${target.address} answers ${found}`
  const missing = answer.find(address => !found.some(one => same(one, address)))
  if (found.length === 0) return `${target.address} knows no ${type} of ${name}`
  return missing === undefined ? undefined : `${target.address} answers ${found.join(', ')}, not ${missing}`
}

/** What the file says of the node’s resolver. */
function serverOf({ applied }: Bench['scene'], node: string): string | undefined {
  const file = applied?.state.get(node)?.file.get('/etc/resolv.conf')
  const text = file?.kind === 'content' ? file.content : ''
  return /^nameserver\s+(\S+)/m.exec(text)?.[1]
}

function same(a: string, b: string): boolean {
  return parseAddress(a)?.bits === parseAddress(b)?.bits
}

/** A header, and one question of the class IN, recursion desired. */
export function questionFor(name: string, type: number): Buffer {
  const labels = name
    .replace(/\.$/, '')
    .split('.')
    .flatMap(label => [Buffer.from([Buffer.byteLength(label)]), Buffer.from(label)])
  const id = Math.floor(Math.random() * 65536)
  return Buffer.concat([
    Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...labels,
    Buffer.from([0, 0, type, 0, 1]),
  ])
}

/** The addresses of that type, or the code that the server refuses with. */
export function readAnswer(bytes: Buffer, type: number): readonly string[] | string {
  if (bytes.length < 12) return 'what is no DNS'
  const code = bytes[3]! & 15
  if (code !== 0) return codes[code] ?? `code ${code}`
  const [questions, answers] = [bytes.readUInt16BE(4), bytes.readUInt16BE(6)]
  const found: string[] = []
  let at = 12
  for (let left = questions; left > 0; left--) at = afterName(bytes, at) + 4
  for (let left = answers; left > 0; left--) {
    const start = afterName(bytes, at)
    if (start + 10 > bytes.length) break
    const end = start + 10 + bytes.readUInt16BE(start + 8)
    const address =
      bytes.readUInt16BE(start) === type && end <= bytes.length ? ip.read(bytes, start + 10, end) : undefined
    if (address !== undefined) found.push(address)
    at = end
  }
  return found
}

/** Labels up to an empty one, or to a pointer. */
function afterName(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length) {
    const length = bytes[at]!
    if (length === 0) return at + 1
    if (length >= 0xc0) return at + 2
    at += length + 1
  }
  return at
}
