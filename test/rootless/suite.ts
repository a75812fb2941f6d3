/** Mocha's words in; the suite where an ordinary user is root out: `npm run test:rootless -- 'test/kernel/*.spec.ts'`. */
import { fileURLToPath } from 'node:url'
import { become } from '../../src/kernel/become.js'
import { ownEnvironment } from '../../src/kernel/child.js'
import { launcher } from '../../src/kernel/host/launch.js'
import type { Step } from '../../src/kernel/host/steps.js'
import { subordinateIds } from '../../src/kernel/rootless/ids.js'
import { ownNamespaces } from '../../src/kernel/rootless/steps.js'
import { leftOut } from './differs.js'
import { runAsMember } from './member.js'

const mocha = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url))
const words = process.argv.slice(2)

/** The machine's own network is nobody's to come back to: the suite has one to itself, where programs can listen as there. */
const steps = (): readonly Step[] => [...ownNamespaces(subordinateIds(), 'wait'), { do: 'unshare', kinds: ['net'] }]

/** Files are said, or all are meant that may say something else than they say to root. */
const all = ['test/**/*.spec.ts', ...Object.keys(leftOut).flatMap(files => ['--ignore', files])]
const said = words.some(word => word.includes('.spec.ts')) ? words : [...all, ...words]

// Root has no such user at hand, and makes one for as long as it takes.
if (process.geteuid!() === 0) process.exitCode = runAsMember(words)
else {
  const withLoopback = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath, mocha, ...said]
  become(launcher(steps(), withLoopback), ownEnvironment())
}
