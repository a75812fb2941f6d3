import assert from 'node:assert/strict'
import { Terminal } from '../support/terminal.js'
import { labName, nstopo, program } from './program.js'

const env = { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'dumb', SHELL: '/bin/bash' }
const ctrl = { c: '\x03', z: '\x1a' }
/** `exec` goes by Node, or by native/init/door.c. */
const ways = [
  ['by Node', [process.execPath, program]],
  ['at once', [program]],
] as const
/** Tells of each signal once, and ends with a status of its own. */
const patient =
  'trap "echo caught; exit 7" INT; trap "echo size $(:; stty size)" WINCH; echo waits; while :; do sleep 0.05; done'

/** Starts no program, as a shell does that could be stopped just then (vfork(2)); ends with a status when something is typed. */
const script =
  'process.on("SIGCONT", () => console.log("on" + " again")); ' +
  'process.stdin.once("data", () => process.exit(Number(process.argv[1]))); console.log("be" + "gun", process.argv[1])'
const stoppable = `${process.execPath} -e '${script}'`

describe('commands: under a terminal', () => {
  const lab = labName('jobs')
  const nodes = 'nodes: {plain: {}, own: {isolate: [pid, mount]}}\nlinks: [[plain, own]]\n'
  const run = async (words: readonly string[], use: (terminal: Terminal) => Promise<void>) => {
    const terminal = new Terminal(words, env)
    try {
      await use(terminal)
    } finally {
      await terminal.close()
    }
  }

  before(() => {
    const { status, stderr } = nstopo(['up', '-'], { input: `name: ${lab}\n${nodes}` })
    assert.deepEqual([status, stderr], [0, ''])
  })
  after(() => {
    nstopo(['down', lab])
  })

  for (const node of ['plain', 'own'] as const) {
    it(`a shell in a node ${node === 'own' ? 'with its own process ids ' : ''}has job control, Ctrl-C, Ctrl-Z and the window’s size`, () =>
      run([process.execPath, program, 'shell', lab, node], async terminal => {
        const prompt = new RegExp(`\\[${lab}:${node}\\]`)
        /** What it shows is not what was typed: it has been run. */
        const begin = async (letter: string) => {
          await terminal.until(prompt)
          terminal.type(`${stoppable} ${letter}\n`)
          await terminal.until(new RegExp(`begun ${letter}`))
        }
        await begin('a')
        terminal.type(ctrl.c)
        await terminal.until(prompt)
        terminal.type('echo "sta""tus $?"\n')
        await terminal.until(/status 130/)
        await begin('b')
        terminal.type(ctrl.z)
        await terminal.until(/Stopped/)
        await terminal.until(prompt)
        terminal.type('fg\n')
        await terminal.until(/on again/)
        terminal.type(ctrl.c)
        await terminal.until(prompt)
        terminal.type('sleep 603 & kill %1; wait %1; echo "en""ded $?"\n')
        await terminal.until(/ended 143/)
        terminal.resize(33, 101)
        terminal.type('stty size\n')
        await terminal.until(/33 101/)
        terminal.type('exit 5\n')
        assert.equal(await terminal.status(), 5)
        assert.doesNotMatch(terminal.shown, /no job control|can’t access tty|cannot set terminal/)
      }))

    for (const [way, start] of ways)
      it(`a command in ${node}, ${way}, gets Ctrl-C once, hears of another size, and gives its own status`, () =>
        run([...start, 'exec', lab, node, '--', 'sh', '-c', patient], async terminal => {
          await terminal.until(/waits/)
          terminal.resize(40, 120)
          await terminal.until(/size/)
          terminal.type(ctrl.c)
          await terminal.until(/caught/)
          assert.equal(await terminal.status(), 7)
          assert.equal(terminal.shown.match(/caught/g)?.length, 1)
        }))
  }

  for (const [way, start] of ways)
    it(`a command in a node with its own process ids, ${way}, is stopped and goes on as a job of the shell outside`, async () => {
      const terminal = new Terminal(['bash', '--norc', '-i'], { ...env, PS1: '> ' })
      try {
        await terminal.until(/> /)
        terminal.type(`${start.join(' ')} exec ${lab} own -- ${stoppable} 6\n`)
        await terminal.until(/begun/)
        terminal.type(ctrl.z)
        await terminal.until(/Stopped/)
        terminal.type('fg; echo "en""ded $?"\n')
        await terminal.until(/on again/)
        terminal.type('\n')
        await terminal.until(/ended 6/)
      } finally {
        await terminal.close()
      }
    })
})
