import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { ipNetns } from '../support/machine.js'
import { type Project, project } from './runners.js'

const commands = {
  pytest: ['pytest', '-q'],
  bats: ['nstopo', 'run', 'router.yaml', '--', 'bats', 'router.bats'],
} as const

/** What the machine lacks is not tried; .ci/run installs it. */
const there = {
  pytest: () => spawnSync('pytest', ['--version']).status === 0,
  bats: () => spawnSync('bats', ['--version']).status === 0,
}

for (const example of ['pytest', 'bats'] as const) {
  describe(`examples/${example}`, () => {
    let made: Project
    before(function () {
      if (!there[example]()) this.skip()
      made = project(example)
    })
    after(() => made?.remove())

    it('passes, and leaves no lab', () => {
      const { status, text } = made.run(commands[example])
      assert.equal(status, 0, text)
      assert.deepEqual(
        ipNetns().filter(name => name.startsWith('pytest-')),
        [],
      )
    })

    it('fails where the network does, and leaves no lab', () => {
      const { status, text } = made.run(commands[example], { BREAK: '10.9.9.9' })
      assert.equal(status, 1, text)
      assert.match(text, /100% packet loss|unreachable/i)
    })
  })
}
