/** Nodes in; what they are besides their networks out, by /proc, the control groups and what can be seen in their files. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from 'node:fs'
import { controlGroups } from './machine.js'

/** Paths at which the labs of the drivers put something. */
const paths = ['/etc/motd', '/etc/no-such/file', '/etc/hosts', '/var/log/file']

export function hostsOf(lab: string, nodes: readonly string[]): readonly string[] {
  const all = processes()
  return nodes.flatMap(node => {
    const inits = all.filter(({ command }) => command === `nstopo-init ${lab} ${node}`)
    const lines = inits.flatMap(init => [...seenFrom(init.pid), ...programs(all, init)])
    return [...lines, ...limits(lab, node)].map(line => `${node} ${line}`)
  })
}

function seenFrom(pid: number): readonly string[] {
  const hostname = execFileSync('nsenter', ['-t', `${pid}`, '-u', 'hostname'], { encoding: 'utf8' }).trim()
  const own = ['mnt', 'pid', 'ipc', 'user', 'cgroup', 'time'].filter(kind => isOwn(pid, kind))
  const files = paths.flatMap(path => textOf(`/proc/${pid}/root${path}`) ?? [])
  return [`is ${hostname} with its own ${own.join(' ')}`, ...files, `log of ${sizeOf(`/proc/${pid}/root/var/log`)}`]
}

const isOwn = (pid: number, kind: string) => link(`/proc/${pid}/ns/${kind}`) !== link(`/proc/self/ns/${kind}`)

/** Where the machine's own is seen, its size is nobody's business. */
function sizeOf(folder: string): number | undefined {
  const [{ blocks, bsize }, isMounted] = [statfsSync(folder), statSync(folder).dev !== statSync(`${folder}/..`).dev]
  return isMounted ? blocks * bsize : undefined
}

/** Of the node, without those who brought them there and wait, and who the driver puts there. */
function programs(all: readonly Process[], { pid }: Process): readonly string[] {
  const network = link(`/proc/${pid}/ns/net`)
  return all
    .filter(
      other =>
        link(`/proc/${other.pid}/ns/net`) === network &&
        !/nstopo-init|\/init |supervisor|^sleep infinity$/.test(other.command),
    )
    .map(({ command }) => `runs ${command}`)
    .sort()
}

const files = ['memory.max', 'pids.max', 'memory.limit_in_bytes']

function limits(lab: string, node: string): readonly string[] {
  const own = controlGroups().filter(path => path.includes(`/nstopo-${lab}-`) && path.endsWith(`/host-${node}`))
  const set = own.flatMap(path => files.map(name => ({ name, limit: textOf(`${path}/${name}`) })))
  return set.flatMap(({ name, limit }) => (limit === undefined ? [] : [`${name} ${limit}`])).sort()
}

interface Process {
  readonly pid: number
  readonly command: string
}

function processes(): readonly Process[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.map(pid => ({ pid, command: (textOf(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim() }))
}

// What has gone is not there.
const textOf = (path: string) => attempt(() => readFileSync(path, 'utf8').trim())
const link = (path: string) => attempt(() => readlinkSync(path))

function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
