/** When a process counts as ready, as the file says it in; as the supervisor asks it out. */
import { error } from '../../../diagnostic.js'
import { type ProcessSpec, seconds } from '../../../kinds/index.js'
import type { Ready } from '../../../model/network.js'
import type { Report } from '../draft.js'
import { type Item, list, pick } from '../item.js'

type ReadySpec = NonNullable<ProcessSpec['ready']>

/** Seconds */
const patience = 30
const conditions = ['listen', 'command', 'log', 'after'] as const

export function readReady(spec: Item<ReadySpec>, report: Report): Ready | undefined {
  const [first, second] = conditions.flatMap(key => pick(spec, key) ?? [])
  if (!first) {
    const hint = '`{ listen: tcp/80 }`, `{ command: [...] }`, `{ log: "regular expression" }` or `{ after: 2s }`'
    report(error('missing-key', 'nothing says when it is ready', { path: spec.at, key: true }, { hint }))
    return undefined
  }
  if (second) {
    const hint = 'one of listen, command, log and after; null takes an inherited one away'
    const also = [{ at: { path: first.at, key: true }, message: 'the other stands here' }]
    report(error('bad-value', 'it is ready in one way alone', { path: second.at, key: true }, { hint, also }))
  }
  const said = pick(spec, 'timeout')
  const after = pick(spec, 'after')
  const ran = after ? seconds(after.value)! : 0
  const timeout = said ? seconds(said.value)! : patience + ran
  if (said && timeout <= ran) report(error('bad-value', `it is given up before it can be ready`, said.at))
  return condition(spec, { timeout, seconds: ran }, report)
}

interface Times {
  readonly timeout: number
  readonly seconds: number
}

function condition(spec: Item<ReadySpec>, { timeout, seconds: ran }: Times, report: Report): Ready {
  const [listen, command, log] = [pick(spec, 'listen'), pick(spec, 'command'), pick(spec, 'log')]
  if (listen) return { by: 'listen', timeout, ...socket(listen, report) }
  if (command) return { by: 'command', timeout, command: list<string>(command).map(({ value }) => value) }
  if (!log) return { by: 'after', timeout, seconds: ran }
  const wrong = notRegular(log.value)
  if (wrong) report(error('bad-value', `\`log\` is no regular expression: ${wrong}`, log.at))
  return { by: 'log', timeout, pattern: log.value }
}

function socket({ value, at }: Item<string>, report: Report) {
  const [protocol, text] = value.split('/') as ['tcp' | 'udp', string]
  const port = Number(text)
  if (port < 1 || port > 65535) report(error('bad-value', `there is no port ${text}: they are 1 to 65535`, at))
  return { protocol, port }
}

/** Why it is none, in the engine's words. */
function notRegular(pattern: string): string | undefined {
  try {
    new RegExp(pattern)
    return undefined
  } catch (thrown) {
    return (thrown as Error).message.replace(/^Invalid regular expression: /, '')
  }
}
