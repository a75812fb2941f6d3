/** files: what stands in a node's own view of the file system (mount_namespaces(7)). */
import { flag, nullable, text } from '../fragment.js'
import { size } from '../quantity.js'

export const file = {
  type: 'object',
  additionalProperties: false,
  properties: {
    content: nullable({ ...text, description: 'the text of the file' } as const),
    from: nullable({
      ...text,
      description: 'a file or folder of the machine, relative to the topology’s file, that is seen there',
    } as const),
    copy: nullable({
      ...flag,
      description: 'true: what `from` names is copied, and the copy is the node’s own',
    } as const),
    tmpfs: nullable({ ...size, description: 'an empty folder of this size, such as 16mb' } as const),
    mode: nullable({
      type: 'string',
      pattern: '^0?[0-7]{3,4}$',
      description: 'its permissions, such as 0644',
    } as const),
  },
} as const

export const fileProperties = {
  files: nullable({
    type: 'object',
    additionalProperties: nullable(file),
    description: 'by absolute path, over the node’s own view; the machine’s files stay as they are',
  } as const),
} as const
