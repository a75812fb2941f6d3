/** The second thread: reads the settings of nodes, and says whether they are what was expected (see `settings-ahead.ts`). */
import { workerData } from 'node:worker_threads'
import { makeRoom } from './kept.js'
import { type Expected, found, meeting } from './settings-ahead.js'
import { labSpace } from './space.js'

interface Work extends Omit<Expected, 'settings'> {
  readonly settings: readonly (readonly [name: string, value: string])[]
  readonly shared: Int32Array
}

makeRoom(2 * 64)
const { home, lab, nodes, settings, shared } = workerData as Work
const names = settings.map(([name]) => name)
const space = labSpace(home, lab)

for (let place = nodes.length - 1; place > Atomics.load(shared, meeting.position); place--) {
  const values = space.readSysctls(nodes[place]!, names)
  const same = settings.every(([, value], index) => values[index] === value)
  Atomics.store(shared, meeting.found + place, same ? found.asExpected : found.other)
}
space.close()
