/** A message that is about to be sent → what it does, in plain words and in the kernel's name. */

export interface MessageName {
  /** Such as `create veth` or `list routes`. */
  readonly name: string
  /** Such as `RTM_NEWLINK`. */
  readonly message: string
}

/** By a quarter of RTM_NEW…'s number: the kernel numbers each subject's NEW, DEL, GET and SET in a row. */
const subjects: Readonly<Record<number, readonly [one: string, many: string, kernels: string]>> = {
  4: ['link', 'links', 'LINK'],
  5: ['address', 'addresses', 'ADDR'],
  6: ['route', 'routes', 'ROUTE'],
  7: ['neighbour', 'neighbours', 'NEIGH'],
  8: ['rule', 'rules', 'RULE'],
}
const verbs = ['NEW', 'DEL', 'GET', 'SET'] as const
const [NLM_F_EXCL, NLM_F_CREATE] = [0x200, 0x400]
const [IFLA_LINKINFO, IFLA_INFO_KIND] = [18, 1]
/** struct nlmsghdr, struct ifinfomsg, struct rtattr */
const [messageHeader, linkHeader, attributeHeader] = [16, 16, 4]

/** Reads the message that starts at `start` (netlink(7)). To whoever measures, messages of one name are of one kind. */
export function messageName(bytes: Buffer, start: number): MessageName {
  const type = bytes.readUInt16LE(start + 4)
  const verb = verbs[type & 3]!
  const [one, many, kernels] = subjects[type >> 2] ?? ['message', 'messages', `_${type}`]
  const message = `RTM_${verb}${kernels}`
  if (verb === 'GET') return { name: `list ${many}`, message }
  if (verb !== 'NEW') return { name: `${verb === 'DEL' ? 'remove' : 'set'} ${one}`, message }
  return { name: written(one, bytes, start), message }
}

/** With NLM_F_EXCL it must be new, with NLM_F_CREATE alone it may be; else it must be there. */
function written(subject: string, bytes: Buffer, start: number): string {
  const flags = bytes.readUInt16LE(start + 6)
  if (flags & NLM_F_EXCL) return `create ${subject === 'link' ? kindOf(bytes, start) : subject}`
  return `${flags & NLM_F_CREATE ? 'write' : 'update'} ${subject}`
}

/** A link's kind stands in a nest of its message. */
function kindOf(bytes: Buffer, start: number): string {
  const attributes = bytes.subarray(start + messageHeader + linkHeader, start + bytes.readUInt32LE(start))
  const info = attribute(attributes, IFLA_LINKINFO)
  const kind = info && attribute(info, IFLA_INFO_KIND)
  return kind?.toString('latin1').replace(/\0$/, '') ?? 'link'
}

/** What the first attribute of this type holds. */
function attribute(bytes: Buffer, wanted: number): Buffer | undefined {
  for (let at = 0; at + attributeHeader <= bytes.length; ) {
    const length = bytes.readUInt16LE(at)
    if (length < attributeHeader) return undefined
    if ((bytes.readUInt16LE(at + 2) & 0x3fff) === wanted) return bytes.subarray(at + attributeHeader, at + length)
    at += (length + 3) & ~3
  }
  return undefined
}
