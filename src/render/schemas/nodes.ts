/** The JSON Schemas of what is done in nodes, by `exec` and `cp`, as plain data. */
import { integer, text } from './words.js'

export const exec = {
  type: 'object',
  required: ['lab', 'nodes'],
  properties: {
    lab: text,
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['node', 'status', 'stdout', 'stderr'],
        properties: { node: text, status: integer, stdout: text, stderr: text },
      },
    },
  },
} as const

export const cp = {
  type: 'object',
  required: ['lab', 'from', 'to', 'files', 'folders', 'bytes'],
  properties: { ...{ lab: text, from: text, to: text }, files: integer, folders: integer, bytes: integer },
} as const
