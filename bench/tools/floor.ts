/** The floor in C: the same networks by the fewest and fastest calls that we know, or prepared bytes and nothing else. */
import { join } from 'node:path'
import { prepare } from '../prepare.js'
import type { Task, Tool } from './contract.js'

const version = () => ({ is: 'bench/floor' })
const down = ({ meter, lab }: Task) => meter.run(meter.floor, ['down', lab])

function floorTool(name: string, how: string, ...options: string[]): Tool {
  return {
    name,
    how,
    version,
    shapes: ['chain', 'star'],
    begin: task => ({
      up: () => task.meter.run(task.meter.floor, ['up', task.lab, task.work.shape, `${task.work.size}`, ...options]),
      down: () => down(task),
    }),
  }
}

export const floor = floorTool('floor', 'raw rtnetlink in C, one thread')
export const floorTwo = floorTool('floor, two threads', 'the same, a second thread follows with the links', 'threads=2')

export const bytes: Tool = {
  name: 'prepared bytes',
  how: 'what nstopo sends, sent from a file by a program in C: the kernel’s own time',
  version,
  shapes: ['leaf-spine', 'backbone', 'three'],
  async begin(task) {
    const file = join(task.folder, 'prepared')
    await prepare(task.work.text, task.lab, file)
    return { up: () => task.meter.run(task.meter.floor, ['replay', task.lab, file]), down: () => down(task) }
  },
}
