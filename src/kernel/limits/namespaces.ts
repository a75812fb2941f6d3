/** How many namespaces and mounts come → what user.max_net_namespaces and fs.mount-max have too little room for. */
import type { Needs } from '../../model/needs.js'
import type { Shortage } from '../kernel.js'
import { more, type Roots, readSetting, readText, roundUp } from './figures.js'
import { inFirstUser, ownedNamespaces, pinsIn } from './owned.js'

const namespaceLimit = 'user.max_net_namespaces'
const mountLimit = 'fs.mount-max'

/** What takes less of a limit than this is not worth looking for what is in use: that takes milliseconds. */
const worthLooking = 1 / 50

/** The kernel's own count may hold some that a second thread has made ahead for this very lab, and some on their way out. */
const uncertain = 150

/**
 * The limit is one for each user in each user namespace, and the kernel tells nobody how far it is used. So there are two
 * figures: those that can be seen to be ours are surely in use, and the kernel's memory holds at most as many as it says;
 * those of other user namespaces are among them.
 */
export function namespaceShortages({ namespaces }: Needs, roots: Roots): readonly Shortage[] {
  const limit = readSetting(namespaceLimit, roots)
  if (limit === undefined || namespaces <= limit * worthLooking) return []
  const most = objectsOf('net_namespace', roots)
  if (most !== undefined && most + namespaces <= limit) return []
  const least = ownedNamespaces(roots)
  const whole = inFirstUser(roots) ? (most ?? 0) : 0
  const inUse = Math.max(least, whole - uncertain)
  if (inUse + namespaces <= limit) return []
  const wanted = `the lab wants ${more(namespaces, 'network namespace')}`
  const fatal = least + namespaces > limit
  const left = fatal ? `${Math.max(0, limit - least)} are left` : `perhaps ${Math.max(0, limit - inUse)} are left`
  const value = roundUp(1.25 * (Math.max(least, whole) + namespaces))
  return [
    { message: `${wanted}, and ${left} of ${namespaceLimit} = ${limit}`, fix: setting(namespaceLimit, value), fatal },
  ]
}

/** The limit holds for each mount namespace; others that receive our pins have, as copies of ours, hardly more. */
export function mountShortages({ mounts }: Needs, roots: Roots): readonly Shortage[] {
  const limit = readSetting(mountLimit, roots)
  if (limit === undefined || mounts <= limit * worthLooking) return []
  const most = objectsOf('mnt_cache', roots)
  if (most !== undefined && most + mounts <= limit) return []
  const inUse = pinsIn(roots)?.mounts
  if (inUse === undefined || inUse + mounts <= limit) return []
  const left = `${Math.max(0, limit - inUse)} are left of ${mountLimit} = ${limit}`
  const fix = setting(mountLimit, roundUp(1.25 * (inUse + mounts)))
  return [{ message: `the lab wants ${more(mounts, 'mount')}, and ${left}`, fix, fatal: true }]
}

export function setting(name: string, value: number): string {
  return `sysctl -w ${name}=${value}`
}

/** Of all namespaces and users (slabinfo(5)): the second column, what is in use; only root may read it. */
function objectsOf(cache: string, { proc }: Roots): number | undefined {
  const found = new RegExp(`^${cache}\\s+(\\d+)`, 'm').exec(readText(`${proc}/slabinfo`) ?? '')
  return found ? Number(found[1]) : undefined
}
