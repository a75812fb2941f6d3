/** An address in, an echo request out; how long the answer took, or why there is none (RFC 792, RFC 4443). */
import {
  ICMP_ECHO,
  ICMP_ECHOREPLY,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  IP_MTU_DISCOVER,
  IP_PMTUDISC_PROBE,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_MTU_DISCOVER,
  SOCK_RAW,
} from '../../../native/constants.js'
import { errnoName } from '../../../native/errno.js'
import { close, send, setsockopt } from '../../../native/libc.js'
import { codeOf } from '../errors.js'
import type { Echo, EchoAnswer } from '../kernel.js'
import { begin, type Inside, openFor, received } from './sockets.js'

/** Of a header without options, and of what pads a packet that nobody said the size of. */
const headers = { 4: 20, 6: 40 } as const
const usual = 64
const icmpHeader = 8

/** Tells our requests from each other's, and from those of other processes. */
let sequence = 0
const identifier = process.pid & 0xffff

export async function sendEcho(inside: Inside, { to, bytes, within }: Echo): Promise<EchoAnswer> {
  const six = to.includes(':')
  sequence = (sequence + 1) & 0xffff
  const number = sequence
  const request = requestOf(
    six,
    bytes === undefined ? usual : Math.max(icmpHeader, bytes - headers[six ? 6 : 4]),
    number,
  )
  const started = performance.now()
  const fd = refusable(() => inside(() => begin(open(to, six, bytes !== undefined), to, 0)))
  if (typeof fd === 'string') return { errno: fd }
  const sent = send(fd, request, request.length, 0)
  if (sent < 0) close(fd)
  if (sent < 0) return { errno: errnoName(-sent) }
  const answer = await received<EchoAnswer>(fd, within, came => {
    if (typeof came === 'number') return { errno: errnoName(-came) }
    return answers(came, six, number) ? { milliseconds: performance.now() - started } : undefined
  })
  return answer ?? {}
}

function open(to: string, six: boolean, whole: boolean): number {
  const fd = openFor(to, SOCK_RAW, six ? IPPROTO_ICMPV6 : IPPROTO_ICMP)
  const [level, option] = six ? [IPPROTO_IPV6, IPV6_MTU_DISCOVER] : [IPPROTO_IP, IP_MTU_DISCOVER]
  if (whole) setsockopt(fd, level, option, Buffer.from([IP_PMTUDISC_PROBE, 0, 0, 0]), 4)
  return fd
}

function refusable(work: () => number): number | string {
  try {
    return work()
  } catch (thrown) {
    const code = codeOf(thrown)
    if (code === undefined) throw thrown
    return code
  }
}

/** IPv6's checksum is the kernel's (raw(7), RFC 3542). */
function requestOf(six: boolean, size: number, number: number): Buffer {
  const packet = Buffer.alloc(size)
  packet[0] = six ? ICMPV6_ECHO_REQUEST : ICMP_ECHO
  packet.writeUInt16BE(identifier, 4)
  packet.writeUInt16BE(number, 6)
  if (!six) packet.writeUInt16BE(checksum(packet), 2)
  return packet
}

/** RFC 1071 */
function checksum(packet: Buffer): number {
  let sum = 0
  for (let at = 0; at < packet.length; at += 2) sum += (packet[at]! << 8) | (packet[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

/** Of IPv4, the IP header comes along. */
function answers(came: Buffer, six: boolean, number: number): boolean {
  const at = six ? 0 : (came[0]! & 15) * 4
  if (came.length < at + icmpHeader || came[at] !== (six ? ICMPV6_ECHO_REPLY : ICMP_ECHOREPLY)) return false
  return came.readUInt16BE(at + 4) === identifier && came.readUInt16BE(at + 6) === number
}
