/** The nodes of one simulated lab: what `LabSpace` promises, in memory. */
import type { LabRecord } from '../../model/plan.js'
import { descriptorsAtOnce, type LabSpace } from '../kernel.js'
import { endIpv6, loopbackAddresses } from './addresses.js'
import { answersTo } from './answers.js'
import { simulatedHosts } from './hosts.js'
import { dropLink } from './link-changes.js'
import { createTun } from './links.js'
import { carryOut } from './messages.js'
import { type Machine, type Namespace, namespace, nodeOf, type SimulatedLab } from './model.js'
import { failed, Refused } from './refused.js'
import { hasIpv6, readSetting, writeSetting } from './settings.js'

export function simulatedSpace(machine: Machine, lab: string): LabSpace {
  const descriptors = new Map<string, number>()
  const found = () => machine.labs.get(lab)
  const at = (node: string | undefined) => (node === undefined ? machine.home : nodeOf(found(), node))
  const standing = (operation: string): SimulatedLab => {
    const held = found()
    if (!held) throw failed(operation, 'ENOENT')
    return held
  }
  const save = (record: LabRecord) => {
    standing(`write the record of ${lab}`).record = JSON.stringify(record)
  }
  const forget = (node: string) => {
    machine.descriptors.delete(descriptors.get(node) ?? -1)
    descriptors.delete(node)
  }

  return {
    lab,
    get exists() {
      return found() !== undefined
    },
    traces: false,
    create(record) {
      if (found()) throw failed(`mount a tmpfs for ${lab}`, 'EBUSY')
      machine.labs.set(lab, { record: JSON.stringify(record), nodes: new Map() })
    },
    record() {
      const held = found()
      return held ? { record: JSON.parse(held.record) as LabRecord } : {}
    },
    saveRecord: save,
    leave: () =>
      save({ ...(JSON.parse(standing(`write the record of ${lab}`).record) as LabRecord), state: 'leaving' }),
    setAside: () => '',
    nodes(only) {
      const nodes = [...(found()?.nodes ?? [])].map(([node, { inode }]) => [node, inode] as const)
      return new Map(nodes.sort(([a], [b]) => (a < b ? -1 : 1)).filter(([node]) => !only || only.has(node)))
    },
    strangers: () => [],
    adopt() {},
    mend() {},
    expectNodes() {},
    createNode(node) {
      const { nodes } = standing(`make the name of ${node}`)
      if (nodes.has(node)) throw failed(`make the name of ${node}`, 'EEXIST')
      nodes.set(node, namespace(machine.next()))
    },
    removeNode(node) {
      const gone = found()?.nodes.get(node)
      forget(node)
      if (gone) empty(gone)
      found()?.nodes.delete(node)
    },
    descriptor(node) {
      const held = descriptors.get(node)
      const ns = at(node)
      const fd = held ?? machine.next()
      descriptors.delete(node)
      for (const first of descriptors.keys()) if (descriptors.size > descriptorsAtOnce) forget(first)
      descriptors.set(node, fd)
      machine.descriptors.set(fd, ns)
      return fd
    },
    send: (node, batch) => carryOut(machine, at(node), batch),
    dump: (node, request) => thrown('list what a namespace holds', () => answersTo(at(node), request)),
    createDevice: (node, device) =>
      thrown(`make the ${device.mode} interface ${device.name}`, () => createTun(machine, at(node), device)),
    expectSettings() {},
    readSysctls: (node, names) => names.map(name => readSetting(at(node), name)),
    writeSysctl(node, name, value) {
      for (const link of writeSetting(at(node), name, value)) {
        if (hasIpv6(link)) loopbackAddresses(link)
        else endIpv6(link)
      }
    },
    listen() {
      throw failed('listen to what happens', 'EOPNOTSUPP')
    },
    ...simulatedHosts(node => at(node)),
    openFile: (_, path) => {
      throw failed(`open ${path} of a node, which is simulated`, 'EOPNOTSUPP')
    },
    inside: (node, work) => {
      at(node)
      return work()
    },
    processes: () => [],
    namespaces: nodes =>
      new Map(
        nodes.map(node => {
          const seen = { type: 'net', inode: at(node).inode, entered: true, machine: false, programs: [] } as const
          return [node, [seen]]
        }),
      ),
    remove() {
      const nodes = [...(found()?.nodes.values() ?? [])]
      for (const ns of nodes) empty(ns)
      machine.labs.delete(lab)
      return { nodes: nodes.length, holders: [], left: [] }
    },
    home() {},
    close() {
      for (const node of [...descriptors.keys()]) forget(node)
    },
  }
}

/** With a namespace go its links, and their other ends wherever they are. */
function empty(ns: Namespace): void {
  for (const link of [...ns.links.values()]) dropLink(link)
}

/** What is no message is refused by being thrown. */
function thrown<T>(operation: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof Refused ? failed(operation, error.errno) : error
  }
}
