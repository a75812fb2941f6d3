/** Mocha's words in; the suite where an ordinary user is root out: `npm run test:rootless -- 'test/kernel/*.spec.ts'`. */
import { fileURLToPath } from 'node:url'
import { become } from '../../src/kernel/become.js'
import { ownEnvironment } from '../../src/kernel/child.js'
import { launcher } from '../../src/kernel/host/launch.js'
import type { Step } from '../../src/kernel/host/steps.js'
import { subordinateIds } from '../../src/kernel/rootless/ids.js'
import { ownNamespaces } from '../../src/kernel/rootless/steps.js'

const mocha = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url))

/** The machine's own network is nobody's to come back to: the suite has one to itself, which stays the same. */
const steps: readonly Step[] = [...ownNamespaces(subordinateIds(), 'wait'), { do: 'unshare', kinds: ['net'] }]

become(launcher(steps, [process.execPath, mocha, ...process.argv.slice(2)]), ownEnvironment())
