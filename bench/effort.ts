/** What nstopo does besides taking time: messages, system calls, processes, routes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../src/pipeline.js'
import type { Effort } from './costs.js'
import type { Bench } from './course.js'
import { ensureNetns, quiet } from './machine.js'
import { prepare } from './prepare.js'
import { program } from './tools/nstopo.js'
import { trace } from './traced.js'
import { chain, randomGraph } from './workloads.js'

const lab = `bench${process.pid}-effort`

export async function effort({ folder, meter }: Bench): Promise<Effort> {
  const file = join(folder, 'effort.yaml')
  writeFileSync(file, chain(1000))
  ensureNetns()
  await quiet()
  const bare = trace(folder, [process.execPath, '-e', '0'])
  const up = trace(folder, [process.execPath, program, 'up', '--name', lab, file])
  meter.run(process.execPath, [program, 'down', lab])
  return { up, bare, prepared: await prepare(chain(1000), lab, join(folder, 'effort')), routes: routesOfGraph() }
}

/** A node is on its loopback and its cables, in both families; every other prefix would take a route. */
function routesOfGraph(): Effort['routes'] {
  const source = { text: randomGraph(754, 899), label: lab, name: lab, variables: {}, environment: {} }
  const { nodes, wires } = compile(source).value!.network
  const merged = nodes.reduce((sum, { routes }) => sum + routes.length, 0)
  const each = nodes.length * (wires.length + nodes.length - 1) - 2 * wires.length
  return { merged, each: 2 * each }
}
