/** What this kernel and user can do, as `doctor` lists it: each thing tried, with the command that mends it. */
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { MNT_DETACH } from '../../native/constants.js'
import { close, mount, umount2 } from '../../native/libc.js'
import { checked } from './errors.js'
import { checkHosts } from './host/check.js'
import type { Check } from './kernel.js'
import { descriptorLimit } from './limits/descriptors.js'
import { hasIpv6, ipv6Fix } from './limits/features.js'
import { readSetting, roots } from './limits/figures.js'
import { setting } from './limits/namespaces.js'
import { findObstacle } from './obstacle.js'
import { detachedProcfs } from './sysctl.js'
import { goHome, goToNew, orHome } from './thread.js'
import { tryKinds } from './trial.js'

/** Every line of `doctor`. @param home the state folder */
export function checks(home: string): readonly Check[] {
  const obstacle = findObstacle(home)
  const permission = {
    name: 'permission',
    core: true,
    ok: !obstacle,
    finding: obstacle?.message ?? 'namespaces can be made and named here',
  }
  if (obstacle) return [{ ...permission, fix: obstacle.hint }, checkIpv6(), ...limits()]
  return [
    permission,
    checkIds(),
    ...inScratchNamespace(),
    checkHosts(),
    checkTmpfs(),
    checkProcfs(),
    checkIpv6(),
    ...limits(),
  ]
}

/** What users there are for the programs in nodes (user_namespaces(7)). */
function checkIds(): Check {
  const lines = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n')
  const maps = lines.map(line => line.trim().split(/\s+/).map(Number))
  const count = maps.reduce((sum, [, , size = 0]) => sum + size, 0)
  const several = count > 1
  const root = maps.every(([inside, outside]) => inside === outside) ? '' : ', root inside is this user outside'
  return {
    name: 'user ids',
    core: false,
    ok: several,
    finding: several ? `${count}${root}` : `one${root}: programs can be no other user`,
    ...(!several && {
      fix: 'sudo apt-get install uidmap; sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER',
    }),
  }
}

/** What is tried in a namespace that goes when the thread leaves it. */
function inScratchNamespace(): readonly Check[] {
  const fix = 'sysctl -w user.max_net_namespaces=100000'
  const namespaces = tried({ name: 'namespaces', core: true, good: 'a network namespace can be made', fix }, () => {
    goHome()
    goToNew('a scratch namespace')
  })
  if (!namespaces.ok) return [namespaces]
  return orHome(() => {
    const kinds = tryKinds()
    goHome()
    return [namespaces, ...kinds]
  })
}

function checkTmpfs(): Check {
  const what = { name: 'tmpfs', core: true, good: 'a tmpfs can be mounted', fix: 'modprobe tmpfs' }
  return tried(what, () => {
    const folder = mkdtempSync('/run/nstopo-doctor-')
    try {
      checked(mount('nstopo', folder, 'tmpfs', 0, 'mode=700'), 'mount a tmpfs')
      checked(umount2(folder, MNT_DETACH), 'unmount a tmpfs')
    } finally {
      rmdirSync(folder)
    }
  })
}

/** Without one sysctls are set through /proc/sys, which is slower with many nodes. */
function checkProcfs(): Check {
  const procfs = detachedProcfs()
  if (procfs !== undefined) close(procfs)
  const [good, bad] = ['a private procfs can be made', 'no private procfs: settings take longer with many nodes']
  return { name: 'procfs', core: false, ok: procfs !== undefined, finding: procfs === undefined ? bad : good }
}

function checkIpv6(): Check {
  const ok = hasIpv6(roots)
  return {
    name: 'ipv6',
    core: false,
    ok,
    finding: ok ? 'the kernel speaks IPv6' : 'the kernel has no IPv6',
    ...(!ok && { fix: ipv6Fix }),
  }
}

/** What a lab of 1000 nodes needs of the machine's limits. */
function limits(): readonly Check[] {
  const descriptors = limitCheck('descriptors', descriptorLimit(), 1024, 'ulimit -n 4096')
  return [
    ...[4, 6].map(family => `net.ipv${family}.neigh.default.gc_thresh3`).map(name => sysctlLimit(name, 4096)),
    sysctlLimit('user.max_net_namespaces', 2000),
    sysctlLimit('fs.mount-max', 10000),
    descriptors,
  ]
}

function sysctlLimit(name: string, wanted: number): Check {
  return limitCheck(name, readSetting(name, roots), wanted, setting(name, wanted))
}

function limitCheck(name: string, value: number | undefined, wanted: number, fix: string): Check {
  if (value === undefined)
    return { name, core: false, ok: false, finding: 'cannot be seen from here; the machine has it', fix }
  const ok = value >= wanted
  return {
    name,
    core: false,
    ok,
    finding: ok ? `${value}` : `${value}, and ${wanted} serve large labs`,
    ...(!ok && { fix }),
  }
}

interface Trial {
  readonly name: string
  readonly core: boolean
  readonly good: string
  readonly fix: string
}

/** A check whose work either goes well or throws. */
function tried({ name, core, good, fix }: Trial, work: () => void): Check {
  try {
    work()
    return { name, core, ok: true, finding: good }
  } catch (error) {
    return { name, core, ok: false, finding: error instanceof Error ? error.message : String(error), fix }
  }
}
