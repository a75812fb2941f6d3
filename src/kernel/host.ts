/** A lab's names in; what `LabSpace` promises of its nodes as hosts out: their inits, files and processes. */
import { writeFileSync } from 'node:fs'
import type { Host } from '../model/state.js'
import { attempt, unless } from './errors.js'
import { isThere, list } from './folders.js'
import { residentsOf } from './holders.js'
import { belongings, endResidents, knownHosts } from './host/belongings.js'
import { hasGroups, hostGroups } from './host/cgroup.js'
import { type HostFiles, hostFiles } from './host/files.js'
import { wayInto } from './host/into.js'
import { runSteps } from './host/launch.js'
import {
  forgetHost,
  hostInit,
  type LivingHost,
  livingHost,
  makeHostFolder,
  type Place,
  recordedInit,
  rememberHost,
} from './host/living.js'
import { initSteps } from './host/make.js'
import { outputsOf, processesOf, superviseIn } from './host/supervise.js'
import { usageIn } from './host/usage.js'
import { dropUts, hostnameOf, pinUts } from './host/uts.js'
import { type HostSeen, type LabSpace, SystemError } from './kernel.js'
import { hostPath, nodeName } from './names.js'

export type Hosts = Pick<
  LabSpace,
  | 'createHost'
  | 'updateHost'
  | 'removeHost'
  | 'mendHosts'
  | 'putFile'
  | 'removeFile'
  | 'readHost'
  | 'usage'
  | 'outputs'
  | 'supervise'
>

export function hosts(place: Place): Hosts {
  return {
    createHost: host => createHost(place, host),
    updateHost: host => updateHost(place, host),
    removeHost: node => removeHosts(place, [node]),
    mendHosts: () => mendHosts(place),
    putFile: file => filesOf(place).put(file),
    removeFile: (node, path) => filesOf(place).remove(node, path),
    outputs: (node, process) => outputsOf(place.names.folder, node, process),
    supervise: (orders, options) => superviseIn(place.names.folder, orders, options),
    readHost: node => readHost(place, node),
    usage: node => usageIn(hostGroups(place.names).folders(node)),
  }
}

function createHost(place: Place, host: Host): void {
  const { names } = place
  // What runs in a plain node goes on where it is when that becomes a host.
  if (isThere(hostPath(names, host.node))) removeHosts(place, [host.node])
  try {
    makeHostFolder(place, host.node)
    const groups = inGroups(place, host, groups => void runSteps(initSteps(place, host, groups)))
    const init = recordedInit(place, host.node)!
    pinUts(names, host.node, `/proc/${init.pid}/ns/uts`)
    remember(place, { init, host, groups })
  } catch (thrown) {
    removeHosts(place, [host.node])
    throw thrown
  }
}

/** Makes the groups, where the host has any, and has processes join them; their folders. */
function inGroups({ names }: Place, host: Host, join: (folders: readonly string[]) => void): readonly string[] {
  const groups = hostGroups(names)
  const release = hasGroups(host) ? groups.make(host) : () => {}
  try {
    const folders = hasGroups(host) ? groups.folders(host.node) : []
    join(folders)
    return folders
  } finally {
    release()
  }
}

function updateHost(place: Place, host: Host): void {
  const now = livingHost(place, host.node)
  if (!now) throw new SystemError(`change the host ${host.node}`, 'ESRCH', 'its init does not live')
  if (now.groups.length > 0) hostGroups(place.names).limit(host)
  const groups = now.groups.length > 0 ? now.groups : joinGroups(place, host)
  runSteps([
    { do: 'enter', init: now.init, kinds: ['uts'] },
    { do: 'hostname', name: host.hostname },
  ])
  remember(place, { init: now.init, host, groups })
}

const remember = (place: Place, made: LivingHost) => rememberHost(place, made, wayInto(made))

/** A host that gets limits while it runs: all that is in it comes under them, and all that is started from then on. */
function joinGroups(place: Place, host: Host): readonly string[] {
  return inGroups(place, host, groups => {
    if (groups.length === 0) return
    for (const pid of residentsOf(belongings(place, [host.node])))
      for (const folder of groups)
        unless(['ESRCH'], () =>
          attempt(`put ${pid} into ${folder}`, () => writeFileSync(`${folder}/cgroup.procs`, `${pid}`)),
        )
  })
}

/** Ends what is in these hosts, and takes away what was kept of them; their networks stay. Some may be none any more. */
export function removeHosts(place: Place, wanted: Iterable<string>): void {
  const nodes = knownHosts(place, wanted)
  endHosts(place, nodes)
  const files = filesOf(place)
  for (const node of nodes) {
    dropUts(place.names, node)
    files.forget(node)
    forgetHost(place, node)
  }
}

function mendHosts(place: Place): void {
  const known = list(`${place.names.folder}/host`).filter(node => nodeName.test(node))
  removeHosts(
    place,
    known.filter(node => livingHost(place, node) === undefined),
  )
}

/** Ends what is in the nodes' namespaces but the network, and in their control groups, which it removes. */
export function endHosts(place: Place, wanted: Iterable<string>): void {
  const nodes = knownHosts(place, wanted)
  if (nodes.length === 0) return
  endResidents(() => belongings(place, nodes))
  const groups = hostGroups(place.names)
  for (const node of nodes) groups.remove(node)
}

function readHost(place: Place, node: string): HostSeen {
  // Most nodes are plain: an error of a read that fails costs ten times as much.
  if (!isThere(hostPath(place.names, node))) return nothing
  const living = livingHost(place, node)
  if (!living) return nothing
  try {
    return {
      host: seen(place, living),
      files: filesOf(place).read(node),
      processes: processesOf(place.names.folder, node),
    }
  } catch (thrown) {
    // It has ended while it was looked at.
    if (livingHost(place, node)) throw thrown
    return nothing
  }
}

function filesOf(place: Place): HostFiles {
  return hostFiles({
    folder: node => hostPath(place.names, node),
    init: node => hostInit(place, node)?.pid,
  })
}

const nothing: HostSeen = { files: [], processes: [] }

function seen({ names }: Place, { init, host: { limits: said, ...host }, groups }: LivingHost): Host {
  const limits = groups.length === 0 ? undefined : hostGroups(names).limits(host.node, said)
  return { ...host, hostname: hostnameOf(init.pid), ...(limits && { limits }), pid: init.pid }
}
