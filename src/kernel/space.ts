/** The nodes of one lab: what `LabSpace` promises, put together from pins, sockets, sysctls and the record. */
import type { Batch } from '../netlink/batch.js'
import { openSocket, sendBatch } from './conversation.js'
import { processesIn, wanted } from './holders.js'
import { labFolder } from './home.js'
import { forgetEarlier } from './host/earlier.js'
import { hosts } from './host.js'
import { kept } from './kept.js'
import { descriptorsAtOnce, type LabSpace, type Stranger } from './kernel.js'
import { createLab, endProcessesIn, hasTraces, removeLab } from './life.js'
import { listening } from './listening.js'
import { namespacesOf } from './membership.js'
import { isOurs } from './mounts.js'
import { claim, type Names, pinPath } from './names.js'
import * as pins from './namespaces.js'
import { toldSettings } from './netconf.js'
import { openFile } from './open-file.js'
import { dump } from './questions.js'
import { leave, readRecord, setAside, writeRecord } from './record.js'
import { readSettingsAhead, type SettingsAhead } from './settings-ahead.js'
import { findNamespaces, mendNames } from './standing.js'
import { strangers } from './strangers.js'
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
  const names: Names = { lab, folder: labFolder(home, lab) }
  const namespaces = kept(heldAtOnce, node => pins.openNamespace(names, node))
  const sockets = kept(heldAtOnce, node => {
    if (node === firstNamespace) goHome()
    else go(node)
    return openSocket()
  })
  const go = (node: string) => goTo(pinPath(names, node), () => namespaces.get(node))
  const socketOf = (node: string | undefined) => sockets.get(node ?? firstNamespace)
  let expected: SettingsAhead | undefined
  let adopted: readonly Stranger[] = []
  const nodes = (only?: ReadonlySet<string>) =>
    new Map([...inodesOf(adopted.filter(({ node }) => !only || only.has(node))), ...findNamespaces(names, only)])
  const close = () => {
    goHome()
    expected?.stop()
    expected = undefined
    dropSpares()
    namespaces.clear()
    sockets.clear()
  }
  const forget = (node: string) => {
    if (isAt(pinPath(names, node))) goHome()
    namespaces.forget(node)
    sockets.forget(node)
  }

  const host = hosts({ home, names })

  return {
    lab,
    get exists() {
      return isOurs(names.folder)
    },
    get traces() {
      return hasTraces(home, names)
    },
    create(record) {
      createLab(home, names, { record, adopted })
      adopted = []
    },
    expectNodes: expectNew,
    record: () => readRecord(names.folder, lab),
    saveRecord(record) {
      for (const { node, inode } of adopted) claim(names, node, inode!)
      adopted = []
      writeRecord(names.folder, record)
      if (record.state !== 'building') forgetEarlier(`${names.folder}/host`)
    },
    leave: () => leave(names.folder),
    setAside: () => setAside(names.folder),
    nodes,
    strangers: wanted => strangers(names, wanted),
    adopt(found) {
      adopted = found
    },
    mend: () => mendNames(names),
    createNode: node =>
      orHome(() => {
        namespaces.put(node, pins.makeNamespace(names, node))
        // The thread is in it just now.
        sockets.put(node, openSocket())
      }),
    removeNode(node) {
      forget(node)
      endProcessesIn({ home, names }, findNamespaces(names, new Set([node])))
      host.removeHost(node)
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
    ...host,
    processes: node => processesIn(wanted(new Map([...nodes(new Set([node])), ...inodesOf(strangers(names, [node]))]))),
    openFile: (node, path, flags) => openFile(() => host.readHost(node).host?.pid, path, flags),
    namespaces: wanted => {
      const standing = nodes(new Set(wanted))
      const doors = [...standing].map(([node, net]) => ({ node, net, init: host.readHost(node).host?.pid }))
      return namespacesOf(names, doors)
    },
    listen: (nodes, options) =>
      listening({ home, lab, folder: names.folder }, { ...options, nodes, descriptor: namespaces.get }),
    remove: keep => {
      close()
      return removeLab(home, names, keep)
    },
    inside(node, work) {
      const done = inNode(node, work)
      goHome()
      return done
    },
    home: goHome,
    close,
  }

  function inNode<T>(node: string, work: (place: string) => T): T {
    return orHome(() => {
      go(node)
      return work(pinPath(names, node))
    })
  }

  function send(node: string | undefined, batch: Batch) {
    if (node === undefined) goHome()
    return sendBatch(socketOf(node), batch)
  }
}

/** Those that are namespaces. */
function inodesOf(found: readonly Stranger[]): readonly (readonly [string, number])[] {
  return found.flatMap(({ node, inode }) => (inode === undefined ? [] : [[node, inode] as const]))
}
