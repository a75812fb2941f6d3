/** An address of a link (rtnetlink(7), include/uapi/linux/if_addr.h). */
import type { Operation } from '../model/plan.js'
import type { Address } from '../model/state.js'
import { Batch, type Body } from '../netlink/batch.js'
import { addressFlag, addressMessage, afOf, flag, MessageType, write } from '../netlink/messages.js'
import { differences, id, namespaceName, type ReadContext, type ResourceKind, type WriteContext } from './contract.js'

const linkScope = 253

export const address: ResourceKind<Address> = {
  type: 'address',
  key: a => `${a.dev} ${a.address}/${a.prefixLength}`,
  name: a => `address ${a.address}/${a.prefixLength} on ${a.dev}`,
  compare: (desired, observed) => (desired.family === 6 ? differences(['dad'], desired, observed) : []),
  updatable: () => false,
  owner: a => (a.origin === 'kernel' ? 'kernel' : 'unmarked'),
  blends: a => /^fe[89ab]/.test(a.address) || isLoopback(a),
  // IPv6 must be on before an address comes, and duplicate-address detection as it should be.
  needs: a => [id.ready(a.node, a.dev), id.settings(a.node, a.dev)],
  provides: a => [id.address(a.node, a.address), id.addresses(a.node, a.dev)],
  act: ({ resource }) => ({ by: 'message', from: resource.node }),
  write: writeAddress,
  request() {
    const batch = new Batch(64)
    write(batch, [MessageType.GETADDR, flag.dump], [addressMessage, { attributes: {} }])
    return batch
  },
  read: readAddress,
  words({ verb, resource }, lab) {
    const a = resource as Address
    const dad = a.family === 6 && !a.dad && verb === 'create' ? ['nodad'] : []
    return [
      [
        'ip',
        '-n',
        namespaceName(lab, a.node),
        'address',
        verb === 'create' ? 'add' : 'del',
        `${a.address}/${a.prefixLength}`,
        'dev',
        a.dev,
        ...dad,
      ],
    ]
  },
}

function writeAddress(batch: Batch, { verb, resource, because }: Operation, context: WriteContext): void {
  const a = resource as Address
  const added = verb === 'create'
  const header = {
    family: afOf[a.family],
    prefixLength: a.prefixLength,
    index: context.index(a.node, a.dev),
    flags: a.family === 6 && !a.dad ? addressFlag.nodad : 0,
  }
  const flags = added ? flag.create | (because === undefined ? flag.excl : flag.replace) : 0
  write(
    batch,
    [added ? MessageType.NEWADDR : MessageType.DELADDR, flags],
    [addressMessage, { ...header, attributes: { local: a.address, address: a.address } }],
  )
}

const isLoopback = ({ address, dev }: Pick<Address, 'address' | 'dev'>) =>
  address === '::1' || (address === '127.0.0.1' && dev === 'lo')

function readAddress({ bytes, start, end }: Body, context: ReadContext): Address | undefined {
  const message = addressMessage.read(bytes, start, end)
  const { address: peer, local, flags = message.flags ?? 0 } = message.attributes
  const dev = context.linkName(message.index ?? 0)
  const text = local ?? peer
  if (dev === undefined || text === undefined) return undefined
  const family = message.family === afOf[6] ? 6 : 4
  const automatic = family === 6 && (message.scope === linkScope || (flags & addressFlag.permanent) === 0)
  return {
    type: 'address',
    node: context.node,
    ...{ dev, family, address: text, prefixLength: message.prefixLength ?? 0 },
    dad: family === 6 && (flags & addressFlag.nodad) === 0,
    ...(family === 4 && (flags & addressFlag.secondary) !== 0 ? { secondary: true } : {}),
    ...detectionOf(flags),
    ...(automatic || isLoopback({ address: text, dev }) ? { origin: 'kernel' as const } : {}),
  }
}

/** An optimistic address is used while it is looked for (RFC 4429). */
function detectionOf(flags: number): Pick<Address, 'detection'> {
  if (flags & addressFlag.dadfailed) return { detection: 'failed' }
  return (flags & (addressFlag.tentative | addressFlag.optimistic)) === addressFlag.tentative
    ? { detection: 'pending' }
    : {}
}
