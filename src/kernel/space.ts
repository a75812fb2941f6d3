/** The nodes of one lab: what `LabSpace` promises, put together from pins, sockets, sysctls and the record. */
import type { Batch } from '../netlink/batch.js'
import { openSocket, sendBatch } from './conversation.js'
import { unless } from './errors.js'
import { ancestors, otherHolders, processesIn, wanted } from './holders.js'
import { isMounted, labFolder, mountTmpfs, setUpHome, setUpNetns, tidyHome, unmountLab, withHome } from './home.js'
import { kept } from './kept.js'
import { descriptorsAtOnce, type LabSpace } from './kernel.js'
import * as pins from './namespaces.js'
import { toldSettings } from './netconf.js'
import { endProcesses } from './processes.js'
import { dump } from './questions.js'
import { readRecord, writeRecord } from './record.js'
import { readSettingsAhead, type SettingsAhead } from './settings-ahead.js'
import { readSysctls, writeSysctl } from './sysctl.js'
import { dropSpares, expectNew, goHome, goTo, isAt, orHome } from './thread.js'
import { createTun } from './tun.js'

/** Sockets of the first namespace and of nodes share one store; no node is called so. */
const firstNamespace = ''

/**
 * So many namespaces, and so many sockets. A process starts with room for 64 descriptors, of which Node takes 20; where it
 * needs more, and has several threads as Node has, the kernel waits for RCU to make room: 25 ms.
 */
const heldAtOnce = descriptorsAtOnce + 1

/** The lab's nodes; nothing is touched before a method is called. `home` is the state folder. */
export function labSpace(home: string, lab: string): LabSpace {
  const names: pins.Names = { lab, folder: labFolder(home, lab) }
  const namespaces = kept(heldAtOnce, node => pins.openNamespace(names, node))
  const sockets = kept(heldAtOnce, node => {
    if (node === firstNamespace) goHome()
    else go(node)
    return openSocket()
  })
  const go = (node: string) => goTo(pins.pinPath(names, node), () => namespaces.get(node))
  const socketOf = (node: string | undefined) => sockets.get(node ?? firstNamespace)
  let expected: SettingsAhead | undefined
  const close = () => {
    goHome()
    expected?.stop()
    expected = undefined
    dropSpares()
    namespaces.clear()
    sockets.clear()
  }
  const forget = (node: string) => {
    if (isAt(pins.pinPath(names, node))) goHome()
    namespaces.forget(node)
    sockets.forget(node)
  }

  return {
    lab,
    get exists() {
      return isMounted(names.folder)
    },
    create: () => createLab(home, names),
    expectNodes: expectNew,
    record: () => readRecord(names.folder),
    saveRecord: record => writeRecord(names.folder, record),
    nodes: only => pins.findNamespaces(names, only),
    createNode: node =>
      orHome(() => {
        namespaces.put(node, pins.makeNamespace(names, node))
        // The thread is in it just now.
        sockets.put(node, openSocket())
      }),
    removeNode(node) {
      forget(node)
      const inode = pins.findNamespaces(names).get(node)
      if (inode !== undefined) endProcessesIn(new Map([[node, inode]]))
      pins.dropNamespace(names, node)
    },
    descriptor: node => namespaces.get(node),
    send: (node, batch) => orHome(() => send(node, batch)),
    dump: (node, request) =>
      orHome(() => {
        if (node === undefined) goHome()
        return dump({ socket: () => socketOf(node), hangUp: () => sockets.forget(node ?? firstNamespace) }, request)
      }),
    createDevice: (node, device) => inNode(node, () => createTun(device)),
    expectSettings(nodes, settings) {
      goHome()
      expected?.stop()
      expected = readSettingsAhead({ home, lab, nodes, settings })
    },
    readSysctls(node, wanted) {
      const confirmed = expected?.confirmed(node, wanted)
      if (confirmed) return confirmed
      const told = toldSettings(socketOf(node), wanted)
      const rest = wanted.filter(name => !told.has(name))
      const read = inNode(node, place => readSysctls(place, rest))
      const values = new Map(rest.map((name, index) => [name, read[index]]))
      return wanted.map(name => told.get(name) ?? values.get(name))
    },
    writeSysctl: (node, name, value) => inNode(node, place => writeSysctl(place, name, value)),
    processes: node => processesIn(wanted(new Map([...pins.findNamespaces(names)].filter(([name]) => name === node)))),
    remove: () => {
      close()
      return removeLab(home, names)
    },
    home: goHome,
    close,
  }

  function inNode<T>(node: string, work: (place: string) => T): T {
    return orHome(() => {
      go(node)
      return work(pins.pinPath(names, node))
    })
  }

  function send(node: string | undefined, batch: Batch) {
    if (node === undefined) goHome()
    return sendBatch(socketOf(node), batch)
  }
}

function createLab(home: string, names: pins.Names): void {
  withHome(home, () => {
    setUpHome(home)
    setUpNetns(home)
    if (isMounted(names.folder)) return
    mountTmpfs(names.folder)
    pins.setUpPins(names)
  })
}

/** Ends the processes in the nodes, takes everything away at once, and names who still holds a node. */
function removeLab(home: string, names: pins.Names): ReturnType<LabSpace['remove']> {
  const nodes = ownNodes(names)
  endProcessesIn(nodes)
  const linked = new Set(pins.linkedNames(names))
  for (const node of linked) pins.dropLink(names, node)
  for (const node of nodes.keys()) if (!linked.has(node)) pins.dropName(names, node)
  withHome(home, () => {
    unmountLab(names.folder)
    tidyHome(home)
  })
  return { nodes: nodes.size, holders: [...processesIn(wanted(nodes)), ...otherHolders(wanted(nodes))] }
}

/** Those in the lab's tmpfs, and those of `ip netns add` that the record says are the lab's. */
function ownNodes(names: pins.Names): ReadonlyMap<string, number> {
  const recorded = unless(['EBADMSG', 'EPERM', 'ELOOP', 'EACCES'], () => readRecord(names.folder))?.nodes ?? {}
  const own = [...pins.findNamespaces(names)].filter(
    ([node, inode]) => recorded[node] === inode || pins.isPinned(names, node),
  )
  return new Map(own)
}

function endProcessesIn(nodes: ReadonlyMap<string, number>): void {
  const spared = ancestors()
  const found = wanted(nodes)
  endProcesses(() =>
    processesIn(found)
      .map(holder => holder.pid)
      .filter(pid => !spared.has(pid)),
  )
}
