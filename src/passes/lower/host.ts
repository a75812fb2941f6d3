/** A node in; what it is besides its network out: its namespaces, its files, its processes. */
import type { FileEntry, Node } from '../../model/network.js'
import type { File, Host, NodeState, Process } from '../../model/state.js'

type HostState = Pick<NodeState, 'host' | 'file' | 'process'>

const nothing = new Map<string, never>()

/** Most nodes are networks only, and share this. */
const plain: HostState = { host: nothing, file: nothing, process: nothing }

export function lowerHost(node: Node): HostState {
  if (!node.host) return plain
  const { name } = node
  const { files, processes, ...host } = node.host
  const lowered = files.map((entry): File => ({ ...entry, type: 'file', node: name, digest: digestOf(entry) }))
  const together = hash(
    lowered.filter(({ path }) => !volatile.has(path)).map(({ path, digest }) => `${path} ${digest}`),
  )
  return {
    host: new Map([['', { ...host, type: 'host', node: name } satisfies Host]]),
    file: new Map(lowered.map(file => [file.path, file])),
    process: new Map(
      processes.map(entry => [
        entry.name,
        { ...entry, type: 'process', node: name, files: together } satisfies Process,
      ]),
    ),
  }
}

/** Programs look into these whenever they want to know a name: nothing is started anew for them. */
const volatile: ReadonlySet<string> = new Set(['/etc/hosts', '/etc/resolv.conf'])

function digestOf(entry: FileEntry): string {
  switch (entry.kind) {
    case 'content':
      return hash([entry.content])
    case 'tmpfs':
      return `${entry.size}`
    case 'bind':
      return entry.from
    case 'copy':
      return `${entry.from} ${entry.digest ?? ''}`
  }
}

function hash(texts: readonly string[]): string {
  // Only labs with files need it, and loading it takes a millisecond or two.
  const made = globalThis.process.getBuiltinModule('node:crypto').createHash('sha256')
  for (const text of texts) made.update(`${text.length} ${text}`)
  return made.digest('hex').slice(0, 32)
}
