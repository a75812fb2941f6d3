/** The JSON Schemas of what is done in nodes, by `exec` and `cp`, as plain data. */
import { integer, ofNodes, text } from './words.js'

export const exec = ofNodes({
  type: 'object',
  required: ['node', 'status', 'stdout', 'stderr'],
  properties: { node: text, status: integer, stdout: text, stderr: text },
})

export const cp = {
  type: 'object',
  required: ['lab', 'from', 'to', 'files', 'folders', 'bytes'],
  properties: { ...{ lab: text, from: text, to: text }, files: integer, folders: integer, bytes: integer },
} as const
