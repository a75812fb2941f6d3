/** What stands around the result of every command with `--json`, as plain data. */
import type { Static } from '../../model/static.js'
import { integer, number, oneOf, text, texts } from './words.js'

/** As src/render/diagnostics.ts makes it. */
export const diagnostic = {
  type: 'object',
  required: ['code', 'severity', 'message'],
  properties: {
    ...{ code: text, severity: oneOf('error', 'warning'), message: text, hint: text },
    output: { ...texts, description: 'the last lines of a program that it is about' },
  },
} as const

export const timings = {
  type: 'object',
  description: 'with --timings: where the time went, until the document was printed',
  required: ['milliseconds', 'kernel', 'phases'],
  properties: {
    milliseconds: { ...number, description: 'since the process began' },
    kernel: { ...number, description: 'milliseconds of it in calls of the kernel' },
    phases: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'milliseconds'],
        properties: {
          path: { ...texts, description: 'its name, after those of what it is a part of' },
          milliseconds: number,
          message: { ...text, description: 'the kernel’s name, such as RTM_NEWLINK' },
          count: { ...integer, description: 'messages, or calls' },
        },
      },
    },
  },
} as const

export type Timings = Static<typeof timings>

/** What stands around every result. */
export function enveloped<const C extends string>(command: C) {
  return {
    required: ['command', 'status', 'diagnostics'],
    additionalProperties: false,
    properties: {
      command: { const: command },
      status: { ...integer, description: 'the exit status' },
      diagnostics: { type: 'array', items: diagnostic },
      timings,
    },
  } as const
}
