/** Becomes a command in a node: LAB NODE CMD…; its exit status is 126 or 127 when there is none. */
import { SystemError } from '../../../src/kernel/kernel.js'
import { linux } from '../../../src/kernel/linux.js'

const [lab, node, ...command] = process.argv.slice(2)
const kernel = linux()
try {
  kernel.enter(kernel.space(lab!), node!, {
    command,
    environment: { PATH: process.env.PATH ?? '', GREETING: 'hello there' },
  })
} catch (error) {
  if (!(error instanceof SystemError)) throw error
  console.error(error.message)
  process.exitCode = error.errno === 'ENOENT' ? 127 : 126
}
