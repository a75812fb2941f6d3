/** Links that are made → what their making could not set yet: the other end up, ports in their bridge, the loopback up. */
import { linkKinds } from '../../kinds/index.js'
import type { FieldChange, Operation } from '../../model/plan.js'
import type { Link } from '../../model/state.js'

export function finish(operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.verb !== 'create') return []
    const { resource, partner } = operation
    if (resource.type === 'namespace') return [loopback(resource.node)]
    if (resource.type !== 'link') return []
    return partner ? finishLink(partner, withMaster(partner)) : finishLink(resource, single(resource))
  })
}

function loopback(node: string): Operation {
  const resource: Link = {
    type: 'link',
    node,
    name: 'lo',
    kind: 'loopback',
    index: 1,
    mtu: 65536,
    up: true,
    data: nothing,
  }
  return { verb: 'update', resource, changes: justUp }
}

const nothing = {}
const up: FieldChange = { field: 'up', from: false, to: true }
const justUp = [up]

function finishLink(l: Link, fields: readonly FieldChange[]): readonly Operation[] {
  const changes = l.up ? [...fields, up] : fields
  return changes.length > 0 ? [{ verb: 'update', resource: l, changes }] : []
}

function withMaster(l: Link): readonly FieldChange[] {
  return l.master === undefined ? [] : [{ field: 'master', from: undefined, to: l.master }]
}

/** A bridge follows its ports' MTU until it is told its own. An ioctl says neither MAC nor MTU. */
function single(l: Link): readonly FieldChange[] {
  const device = linkKinds.get(l.kind)?.made === 'device'
  const mtu = l.kind === 'bridge' || device ? [{ field: 'mtu', from: undefined, to: l.mtu }] : []
  const mac = device && l.mac !== undefined ? [{ field: 'mac', from: undefined, to: l.mac }] : []
  return [...mac, ...mtu, ...withMaster(l)]
}
