/** What simulated nodes have besides their network: what was asked for is there at once, and every process ready. */
import type { Order } from '../../model/plan.js'
import type { File, Host, Process, ProcessSeen } from '../../model/state.js'
import type { Hosts } from '../host.js'
import type { Namespace } from './model.js'
import { failed } from './refused.js'

/** As JSON: what was given is nobody's to change. */
export interface SimulatedHost {
  host: string
  readonly files: Map<string, string>
  readonly processes: Map<string, string>
}

type Stop = Extract<Order, { do: 'stop' }>

function stop(host: SimulatedHost | undefined, { name, forget }: Stop): void {
  const process = host?.processes.get(name)
  if (!host || process === undefined) return
  if (forget) host.processes.delete(name)
  else keep(host, JSON.parse(process) as Process, 'stopped')
}

function keep(host: SimulatedHost, process: Process, state: ProcessSeen['state']): void {
  host.processes.set(process.name, JSON.stringify({ ...process, seen: { state, restarts: 0 } }))
}

/** What stands in a folder is covered by what is put in its place, and goes with it. */
function uncover(files: Map<string, string>, folder: string): void {
  for (const path of [...files.keys()]) if (path.startsWith(`${folder}/`)) files.delete(path)
}

export function simulatedHosts(nodeOf: (node: string) => Namespace): Hosts {
  const held = (node: string, operation: string): SimulatedHost => {
    const { host } = nodeOf(node)
    if (!host) throw failed(operation, 'ESRCH')
    return host
  }
  return {
    createHost(host) {
      nodeOf(host.node).host = { host: JSON.stringify(host), files: new Map(), processes: new Map() }
    },
    updateHost(host) {
      held(host.node, `change the host ${host.node}`).host = JSON.stringify(host)
    },
    mendHosts() {},
    removeHost(node) {
      nodeOf(node).host = undefined
    },
    putFile(file) {
      const { files } = held(file.node, `put ${file.path}`)
      uncover(files, file.path)
      files.set(file.path, JSON.stringify(file))
    },
    removeFile(node, path) {
      const { files } = held(node, `remove ${path}`)
      uncover(files, path)
      files.delete(path)
    },
    readHost(node) {
      const { host } = nodeOf(node)
      if (!host) return { files: [], processes: [] }
      return {
        host: JSON.parse(host.host) as Host,
        files: [...host.files.values()].map(text => JSON.parse(text) as File),
        processes: [...host.processes.values()].map(text => JSON.parse(text) as Process),
      }
    },
    usage: () => undefined,
    outputs: () => [],
    async supervise(orders) {
      for (const order of orders) {
        if (order.do === 'stop') stop(nodeOf(order.node).host, order)
        else {
          const { process } = order
          keep(held(process.node, `start ${process.name}`), process, 'ready')
        }
      }
      return []
    },
  }
}
