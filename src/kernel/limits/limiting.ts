/** Limits that hosts want → whether control groups here can set them (cgroups(7)), with what mends it where they can't. */
import { existsSync } from 'node:fs'
import type { HostNeeds } from '../../model/needs.js'
import { type Controller, findHierarchies, type Hierarchy } from '../host/hierarchies.js'
import type { Shortage } from '../kernel.js'
import { type Roots, readText } from './figures.js'

export function limitShortages({ limits }: HostNeeds, roots: Roots): readonly Shortage[] {
  if (limits.size === 0 || readText(`${roots.proc}/self/mountinfo`) === undefined) return []
  const trees = findHierarchies(roots)
  return [...limits].flatMap(([controller, count]) => {
    const tree = trees.find(({ controllers }) => controllers.includes(controller))
    const said = tree ? hindrance(tree, controller) : noneFor(controller)
    const message = `the lab limits the ${words[controller]} of ${count === 1 ? 'a host' : `${count} hosts`}, and ${said?.because}`
    return said ? [{ message, fix: said.fix, fatal: true }] : []
  })
}

const words: Readonly<Record<Controller, string>> = { memory: 'memory', cpu: 'processor time', pids: 'processes' }

interface Hindrance {
  readonly because: string
  readonly fix: string
}

function noneFor(controller: Controller): Hindrance {
  const folder = `/sys/fs/cgroup/${controller}`
  return {
    because: `no control group that is mounted has the controller ${controller}`,
    fix: `mkdir -p ${folder} && mount -t cgroup -o ${controller} cgroup ${folder}; where /proc/cgroups does not list it: a kernel that has it, without cgroup_disable=${controller}`,
  }
}

function hindrance({ version, root, readOnly }: Hierarchy, controller: Controller): Hindrance | undefined {
  if (readOnly)
    return {
      because: `${root} is mounted to be read only`,
      fix: `mount -o remount,rw ${root}; in a container, start it with --privileged --cgroupns=host`,
    }
  return version === 2 ? heldBack(root, controller) : undefined
}

/** A group that has processes itself hands nothing down, but for the uppermost of all, which has no type. */
function heldBack(root: string, controller: Controller): Hindrance | undefined {
  const handsDown = readText(`${root}/cgroup.subtree_control`)?.trim().split(' ').includes(controller)
  const isEmpty = (readText(`${root}/cgroup.procs`) ?? '').trim() === ''
  if (handsDown || isEmpty || !existsSync(`${root}/cgroup.type`)) return undefined
  return {
    because: `${root} has processes of its own, so the groups below it get no limits (cgroups(7), no internal processes)`,
    fix: `mkdir -p ${root}/own && while read p; do echo $p > ${root}/own/cgroup.procs; done < ${root}/cgroup.procs; echo +${controller} > ${root}/cgroup.subtree_control`,
  }
}
