/** A policy-routing rule (ip-rule(8), include/uapi/linux/fib_rules.h). */
import type { RuleAction } from '../model/network.js'
import type { Operation } from '../model/plan.js'
import { ownProtocol, type Rule } from '../model/state.js'
import { Batch, type Body } from '../netlink/batch.js'
import { afOf, familyOf, flag, MessageType, ruleMessage, write } from '../netlink/messages.js'
import { differences, id, namespaceName, type ReadContext, type ResourceKind } from './contract.js'

/** FR_ACT_* */
const actions: Readonly<Record<RuleAction, number>> = { table: 1, blackhole: 6, unreachable: 7, prohibit: 8 }
const actionOf = new Map(Object.entries(actions).map(([action, number]) => [number, action as RuleAction]))
/** FIB_RULE_INVERT */
const invert = 2
const kernelProtocol = 2

const selectors = [
  'not',
  'from',
  'to',
  'iif',
  'oif',
  'fwmark',
  'fwmask',
  'ipproto',
  'sport',
  'dport',
  'uidrange',
  'tos',
] as const

export const rule: ResourceKind<Rule> = {
  type: 'rule',
  key: r => `${r.family} ${r.priority} ${selectors.map(s => r[s] ?? '').join(' ')}`,
  name: r => `rule ${r.priority} (IPv${r.family}): ${describe(r)}`,
  compare: (desired, observed) => differences(['action', 'table', 'protocol'], desired, observed),
  updatable: () => false,
  owner: r => (r.protocol === kernelProtocol ? 'kernel' : r.protocol === ownProtocol ? 'marked' : 'unmarked'),
  needs: r => [id.namespace(r.node)],
  provides: () => [],
  act: ({ resource }) => ({ by: 'message', from: resource.node }),
  write: writeRule,
  request,
  read: readRule,
  words({ verb, resource }, lab) {
    const r = resource as Rule
    return [
      [
        'ip',
        '-n',
        namespaceName(lab, r.node),
        `-${r.family}`,
        'rule',
        verb === 'remove' ? 'del' : 'add',
        ...ruleWords(r),
        'protocol',
        `${r.protocol}`,
      ],
    ]
  },
}

/** Of all families, of which there are more than two (net/ipv4/ipmr.c). */
function request(): Batch {
  const batch = new Batch(64)
  write(batch, [MessageType.GETRULE, flag.dump], [ruleMessage, { attributes: {} }])
  return batch
}

function writeRule(batch: Batch, { verb, resource }: Operation): void {
  const r = resource as Rule
  const [src, dst] = [r.from?.split('/'), r.to?.split('/')]
  const header = {
    family: afOf[r.family],
    ...{ srcLength: Number(src?.[1] ?? 0), dstLength: Number(dst?.[1] ?? 0), tos: r.tos ?? 0 },
    ...{ table: (r.table ?? 0) < 256 ? (r.table ?? 0) : 252, action: actions[r.action], flags: r.not ? invert : 0 },
  }
  const { iif, oif, fwmark, fwmask, ipproto, sport, dport, uidrange, priority, protocol, table } = r
  const attributes = {
    src: src?.[0],
    dst: dst?.[0],
    iif,
    oif,
    fwmark,
    fwmask,
    ipproto,
    sport,
    dport,
    uidrange,
    priority,
    protocol,
    table,
  }
  const kind =
    verb === 'remove' ? ([MessageType.DELRULE, 0] as const) : ([MessageType.NEWRULE, flag.create | flag.excl] as const)
  write(batch, kind, [ruleMessage, { ...header, attributes }])
}

const seen = new Map<string, Rule | undefined>()
const mostSeen = 4096

/** Every namespace has the same few rules of the kernel's, so what was read once is known by its bytes. */
function readRule({ bytes, start, end }: Body, { node, said }: ReadContext): Rule | undefined {
  const text = bytes.toString('latin1', start, end)
  if (!seen.has(text)) {
    if (seen.size >= mostSeen) seen.clear()
    seen.set(text, parseRule({ bytes, start, end }))
  }
  const found = seen.get(text)
  if (found === undefined || (said && rule.owner(found) === 'kernel' && !said.rule.has(rule.key(found))))
    return undefined
  return { ...found, node }
}

function parseRule({ bytes, start, end }: Body): Rule | undefined {
  const message = ruleMessage.read(bytes, start, end)
  const family = familyOf.get(message.family ?? 0)
  const { src, dst, fwmark, fwmask, protocol = 0, priority = 0, table = message.table, ...rest } = message.attributes
  const action = actionOf.get(message.action ?? 0)
  if (action === undefined || family === undefined) return undefined
  const { iif, oif, ipproto, sport, dport, uidrange } = rest
  const said = {
    from: src === undefined ? undefined : `${src}/${message.srcLength}`,
    to: dst === undefined ? undefined : `${dst}/${message.dstLength}`,
    ...{ iif, oif, ipproto, sport, dport, uidrange },
    ...(fwmark === undefined || (fwmark === 0 && !fwmask) ? {} : { fwmark, fwmask }),
    tos: message.tos === 0 ? undefined : message.tos,
    table: action === 'table' ? table : undefined,
  }
  return {
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<Rule>),
    ...{ type: 'rule', node: '', family, priority, protocol, action },
    not: ((message.flags ?? 0) & invert) !== 0,
  }
}

function describe(r: Rule): string {
  return ruleWords(r).slice(2).join(' ')
}

function ruleWords(r: Rule): readonly string[] {
  const range = (name: string, pair: readonly [number, number] | undefined) =>
    pair === undefined
      ? []
      : [name, pair[0] === pair[1] && name !== 'uidrange' ? `${pair[0]}` : `${pair[0]}-${pair[1]}`]
  const word = (name: string, value: string | number | undefined) => (value === undefined ? [] : [name, `${value}`])
  const mark =
    r.fwmark === undefined ? undefined : `0x${r.fwmark.toString(16)}/0x${(r.fwmask ?? 0xffffffff).toString(16)}`
  return [
    ...['priority', `${r.priority}`, ...(r.not ? ['not'] : []), 'from', r.from ?? 'all'],
    ...[
      ...word('to', r.to),
      ...word('iif', r.iif),
      ...word('oif', r.oif),
      ...word('fwmark', mark),
      ...word('ipproto', r.ipproto),
    ],
    ...[...range('sport', r.sport), ...range('dport', r.dport), ...range('uidrange', r.uidrange)],
    ...[
      ...word('tos', r.tos === undefined ? undefined : `0x${r.tos.toString(16)}`),
      ...(r.action === 'table' ? word('table', r.table) : [r.action]),
    ],
  ]
}
