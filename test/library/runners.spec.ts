import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Project, project, runners } from './runners.js'

const commands = {
  'node-test': ['node', '--import', 'nstopo/node-test', '--test'],
  mocha: ['mocha'],
  vitest: ['vitest', 'run'],
  jest: ['jest'],
} as const

for (const [example, command] of Object.entries(commands)) {
  describe(`examples/${example}`, () => {
    let made: Project
    before(function () {
      if (example !== 'node-test' && runners === '') this.skip()
      made = project(example)
    })
    after(() => made?.remove())

    it('passes under its own runner', () => {
      const { status, text } = made.run(command)
      assert.equal(status, 0, text)
    })

    it('leaves the state of the lab of a test that fails, and names the folder', () => {
      const { status, text } = made.run(command, { BREAK: '1' })
      assert.equal(status, 1, text)
      const [, folder] = /the lab as it was is in (\S+)/.exec(text) ?? []
      assert.ok(folder, text)
      const path = join(made.folder, folder)
      const captures = ['gw.pcap', 'h1.pcap', 'h2.pcap']
      const texts = ['diff.txt', 'inspect.json', 'programs.txt', 'topology.yaml']
      assert.deepEqual(readdirSync(path).sort(), [...captures, ...texts].sort())
      assert.match(readFileSync(join(path, 'programs.txt'), 'utf8'), /== h1: ping -c1 -W5 10\.9\.9\.9\n/)
      assert.equal(JSON.parse(readFileSync(join(path, 'inspect.json'), 'utf8')).nodes.length, 3)
    })
  })
}

describe('examples/mocha, in four workers', () => {
  it('does not meet itself, several times over', function () {
    if (runners === '') this.skip()
    const made = project('mocha')
    try {
      for (const copy of ['b', 'c', 'd'])
        copyFileSync(join(made.folder, 'test/router.test.js'), join(made.folder, `test/${copy}.test.js`))
      for (let times = 0; times < 2; times++) {
        const { status, text } = made.run(['mocha', '--jobs', '4'])
        assert.equal(status, 0, text)
        assert.match(text, / 13 passing/)
      }
    } finally {
      made.remove()
    }
  })
})
