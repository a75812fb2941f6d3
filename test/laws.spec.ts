/** The laws of the architecture, for every shipped topology and every real backbone at hand. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { diff, type Network, plan, up } from '../src/index.js'
import { compile } from '../src/pipeline.js'
import { planScript } from '../src/render/script.js'
import { fileSource, kernel, shipped, withLab, worked, zoo } from './support/labs.js'
import { inside, ipNetns, labName, machine, run, witness } from './support/machine.js'

describe('the laws', () => {
  it('are shown on the shipped topologies', () => assert.ok(shipped.length >= 12, `${shipped.length} topologies`))
  if (zoo.length === 0) console.log('    no real backbones beside the project: the shipped topologies alone are tested')
  for (const path of [...shipped, ...zoo]) describe(basename(path), () => laws(path))
})

function laws(path: string): void {
  const name = labName(basename(path, '.yaml'))
  const subject = fileSource(path, name)

  it('up, then diff is empty; up again changes nothing; down leaves the machine as it was', async () => {
    const before = machine()
    await withLab(subject, async () => {
      assert.deepEqual(worked(diff(subject, kernel)).changes, [])
      const held = witnessAll(name)
      assert.deepEqual(worked(await up(subject, kernel)).operations, [])
      assert.deepEqual(witnessAll(name), held)
      if (zoo.includes(path)) pingFurthest(worked(compile(subject)).network)
    })
    assert.deepEqual(machine(), before)
  })

  it('the printed script gives a lab whose diff is empty, by the witness too', async () => {
    const before = machine()
    const script = planScript(worked(plan(subject, kernel)).plan)
    try {
      const { status, stderr } = spawnSync('sh', { input: script, encoding: 'utf8' })
      assert.equal(status, 0, stderr)
      assert.deepEqual(worked(diff(subject, kernel)).changes, [])
      const scripted = witnessAll(name)
      remove(name)
      await withLab(subject, () => assert.deepEqual(witnessAll(name), scripted))
    } finally {
      remove(name)
    }
    assert.deepEqual(machine(), before)
  })
}

function nodesOf(lab: string): readonly string[] {
  const names = ipNetns().filter(name => name.startsWith(`${lab}.`))
  return names.map(name => name.slice(lab.length + 1))
}

function witnessAll(lab: string): Record<string, unknown> {
  return Object.fromEntries(nodesOf(lab).map(node => [node, witness(`${lab}.${node}`)]))
}

function remove(lab: string): void {
  for (const node of nodesOf(lab)) run('ip', 'netns', 'del', `${lab}.${node}`)
}

/** A ping crosses between the two nodes that are the most hops apart, both families. */
function pingFurthest(network: Network): void {
  const [from, to] = furthest(network)
  const addresses = network.nodes.find(node => node.name === to)!.interfaces.find(i => i.name === 'lo')!.addresses
  assert.equal(addresses.length, 2, 'a loopback address of each family')
  for (const { address } of addresses) inside(`${network.lab}.${from}`, 'ping', '-c1', '-W5', address)
}

function furthest(network: Network): readonly [string, string] {
  const neighbours = new Map<string, string[]>(network.nodes.map(node => [node.name, []]))
  for (const {
    ends: [a, b],
  } of network.wires) {
    neighbours.get(a.node)!.push(b.node)
    neighbours.get(b.node)!.push(a.node)
  }
  let best: readonly [string, string, number] = ['', '', -1]
  for (const start of neighbours.keys()) {
    const reached = new Map([[start, 0]])
    for (const [node, hops] of reached)
      for (const next of neighbours.get(node)!) if (!reached.has(next)) reached.set(next, hops + 1)
    const [last, hops] = [...reached].at(-1)!
    if (hops > best[2]) best = [start, last, hops]
  }
  return [best[0], best[1]]
}
