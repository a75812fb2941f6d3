/** The JSON Schemas of what `--json` prints, as plain data; TypeScript's types are read off them. */
import type { Static } from '../model/static.js'
import { diff, watchLine } from './schemas/differences.js'
import { enveloped } from './schemas/envelope.js'
import { explainSchema } from './schemas/explain.js'
import { inspect } from './schemas/inspect.js'
import { graph, ls, validate } from './schemas/labs.js'
import { doctor, version } from './schemas/machine.js'
import { cp, exec } from './schemas/nodes.js'
import { logsSchema, nsSchema, orderedSchema, psSchema } from './schemas/programs.js'
import { planSchema } from './schemas/resource.js'
import { down, gc, up } from './schemas/runs.js'
import { testSchema } from './schemas/verdicts.js'

/** The `result` of each command. */
export const results = {
  up,
  down,
  plan: planSchema,
  diff,
  validate,
  ls,
  inspect,
  ps: psSchema,
  logs: logsSchema,
  start: orderedSchema,
  stop: orderedSchema,
  restart: orderedSchema,
  ns: nsSchema,
  explain: explainSchema,
  test: testSchema,
  exec,
  cp,
  graph,
  gc,
  doctor,
  version,
} as const

export type ResultOf<C extends keyof typeof results> = Static<(typeof results)[C]>

/** A line of `watch --json`: what happened; or, before it began, why it can't. */
export const watchSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'nstopo watch --json, each line',
  anyOf: [watchLine, { type: 'object', ...enveloped('watch') }],
} as const

/** The whole document that a command prints with `--json`: one shape, whatever happens. */
export function documentSchema(command: keyof typeof results) {
  const { required, additionalProperties, properties } = enveloped(command)
  const { timings, ...before } = properties
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `nstopo ${command} --json`,
    type: 'object',
    ...{ required, additionalProperties },
    properties: {
      ...before,
      result: { ...results[command], description: 'there unless an error stood in its way' },
      timings,
    },
  } as const
}
