/** A process in; whether something in its network listens on a port, without a connection to it, out (proc_pid_net(5)). */
import { readFileSync } from 'node:fs'

/** As the kernel writes it: a socket that listens, or, of UDP, one that takes from everybody. */
const states = { tcp: '0A', udp: '07' } as const

/** Of either family. @param pid any process in the node */
export function listens(pid: number, protocol: 'tcp' | 'udp', port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return [protocol, `${protocol}6`].some(table =>
    rowsOf(`/proc/${pid}/net/${table}`).some(row => {
      const [, local, , state] = row.trim().split(/\s+/)
      return local?.endsWith(wanted) && state === states[protocol]
    }),
  )
}

/** None where the process has ended, or the kernel lacks the family. */
function rowsOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'latin1').split('\n').slice(1)
  } catch {
    return []
  }
}
