/** IFLA_INFO_DATA ↔ payloads by their number, and what each kind starts with (linux/if_link.h). */
import type { Link } from './model.js'

export type Data = Map<number, Buffer>

const number = (size: 1 | 2 | 4, value: number): Buffer => {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntLE(value, 0, size)
  return bytes
}

/** IFLA_BR_*: times in hundredths of a second, stp, priority, groups, snooping; IFLA_MACVLAN_MODE. */
const first: Readonly<Record<string, () => readonly (readonly [number, Buffer])[]>> = {
  bridge: () => [
    ...[1500, 200, 2000, 30000, 0].map((value, index) => [index + 1, number(4, value)] as const),
    ...([
      [6, number(2, 32768)],
      [9, number(2, 0)],
      [23, number(1, 1)],
    ] as const),
  ],
  macvlan: () => [[1, number(4, 2)]],
}

const [vxlanId, vxlanLink, vxlanPort] = [1, 3, 15]
const [tunOwner, tunType] = [1, 3]

export function dataOf(kind: string, said: Buffer | undefined): Data {
  return new Map([...(first[kind]?.() ?? []), ...(said ? read(said) : [])])
}

export function read(bytes: Buffer): Data {
  const data: Data = new Map()
  for (let at = 0; at + 4 <= bytes.length; at += (bytes.readUInt16LE(at) + 3) & ~3) {
    const length = bytes.readUInt16LE(at)
    if (length < 4) break
    data.set(bytes.readUInt16LE(at + 2) & 0x3fff, Buffer.from(bytes.subarray(at + 4, at + length)))
  }
  return data
}

export function write(data: Data): Buffer {
  const parts = [...data].flatMap(([type, payload]) => {
    const padded = Buffer.alloc((payload.length + 3) & ~3)
    payload.copy(padded)
    return [number(2, payload.length + 4), number(2, type), padded]
  })
  return Buffer.concat(parts)
}

/** What a tap or tun says of itself (linux/if_link.h: IFLA_TUN_*). */
export function tunData(mode: 'tap' | 'tun', owner: number | undefined): Data {
  return new Map([
    [tunType, number(1, mode === 'tap' ? 2 : 1)],
    ...(owner === undefined ? [] : [[tunOwner, number(4, owner)] as const]),
  ])
}

/** What no second vxlan of a namespace has. */
export function vxlanName(data: Data): string {
  return [vxlanId, vxlanPort].map(type => data.get(type)?.toString('hex')).join()
}

/** The number of the link that packets leave by. */
export function vxlanBelow(data: Data): number | undefined {
  return data.get(vxlanLink)?.readUInt32LE()
}

export const withoutMac = (link: Link): boolean => link.kind === 'tun' && link.data.get(tunType)?.[0] === 1
