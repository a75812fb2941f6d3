import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { Order } from '../../src/model/plan.js'
import { until } from '../support/until.js'
import { type Lab, shell, textOf, withHosts } from './support.js'

const sleeps = 'exec sleep infinity'
const stop = (name: string, forget = true): Order => ({ do: 'stop', node: 'a', name, forget })
const says = (lab: Lab, name: string, text: string) => until(text, () => textOf(lab.space, name).includes(text))

describe('stopping processes', () => {
  for (const isolate of [['mount', 'pid'], []] as const)
    it(`ends what they have started too, ${isolate.length > 0 ? 'in a PID namespace' : 'in the machine’s'}`, () =>
      withHosts(
        ['a'],
        async lab => {
          const polite = shell('polite', `trap 'echo bye; exit 0' TERM; sleep 1000 & echo up; wait`)
          const deaf = shell('deaf', `trap '' TERM; timeout 1000 sleep 1000 & echo up; while :; do sleep 1001; done`, {
            stop: { signal: 'TERM', grace: 0.1 },
          })
          const killed = shell('killed', `echo up; ${sleeps}`, { stop: { signal: 'KILL', grace: 5 } })
          await lab.start(polite, deaf, killed)
          for (const name of ['polite', 'deaf', 'killed']) await says(lab, name, 'up')
          const pids = ['polite', 'deaf', 'killed'].map(name => lab.seen(name)!.pid!)
          assert.deepEqual(await lab.give(['polite', 'deaf', 'killed'].map(name => stop(name, false))), [])
          assert.deepEqual(lab.programs(), [])
          // Nor one that has ended and waits for somebody to see it: where the machine's first process never looks, for ever.
          assert.deepEqual(
            pids.filter(pid => existsSync(`/proc/${pid}`)),
            [],
          )
          assert.match(textOf(lab.space, 'polite'), /bye\n$/)
          assert.deepEqual(
            ['polite', 'deaf', 'killed'].map(name => lab.seen(name)).map(seen => [seen?.state, seen?.ended, seen?.pid]),
            [
              ['stopped', 'exit 0', undefined],
              ['stopped', 'SIGKILL', undefined],
              ['stopped', 'SIGKILL', undefined],
            ],
          )
        },
        isolate,
      ))

  it('takes the signal that was said, and wakes whom somebody has stopped', () =>
    withHosts(['a'], async lab => {
      const script = `trap 'echo asked; exit 7' USR1; echo up; while :; do sleep 0.01; done`
      await lab.start(shell('one', script, { stop: { signal: 'USR1', grace: 20 } }))
      await says(lab, 'one', 'up')
      process.kill(lab.seen('one')!.pid!, 'SIGSTOP')
      assert.deepEqual(await lab.give([stop('one', false)]), [])
      assert.deepEqual([lab.seen('one')?.ended, textOf(lab.space, 'one')], ['exit 7', 'up\nasked\n'])
    }))

  it('stops what needs a process before it', () =>
    withHosts(['a'], async lab => {
      const script = `trap 'sleep 0.1; date +%s%N; exit' TERM; echo up; while :; do sleep 0.01; done`
      const needs = [{ node: 'a', process: 'db' }]
      await lab.start(shell('db', script), shell('web', script, { needs }))
      // Before that, the signal would end them at once.
      for (const name of ['db', 'web']) await says(lab, name, 'up')
      assert.deepEqual(await lab.give([stop('db', false), stop('web', false)]), [])
      const ended = (name: string) => BigInt(/^up\n(\d+)\n$/.exec(textOf(lab.space, name))![1]!)
      assert.ok(ended('web') < ended('db'))
    }))

  it('and starts them again in one go', () =>
    withHosts(['a'], async lab => {
      const [db, web] = [shell('db', sleeps), shell('web', sleeps, { needs: [{ node: 'a', process: 'db' }] })]
      await lab.start(db, web)
      const before = [lab.seen('db')?.pid, lab.seen('web')?.pid]
      const starts = [db, web].map((process): Order => ({ do: 'start', process }))
      assert.deepEqual(await lab.give([stop('db', false), stop('web', false), ...starts]), [])
      assert.ok(!before.includes(lab.seen('db')?.pid) && !before.includes(lab.seen('web')?.pid))
      assert.equal(lab.seen('web')?.state, 'running')
    }))

  it('forgets one, its output too, and ends when nothing is left to hold', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('one', sleeps), shell('two', sleeps))
      const own = `${lab.folder}/supervisor`
      const { pid } = JSON.parse(readFileSync(`${own}/identity.json`, 'utf8'))
      assert.deepEqual([statSync(own).mode & 0o777, statSync(`${own}/socket`).mode & 0o777], [0o700, 0o600])
      assert.deepEqual(await lab.give([stop('one'), stop('unheard-of')]), [])
      assert.ok(!existsSync(`${own}/a/one`) && existsSync(`/proc/${pid}`))
      assert.deepEqual(await lab.give([stop('two')]), [])
      await until('the supervisor ends', () => !existsSync(`/proc/${pid}`))
      assert.ok(!existsSync(`${own}/a`))
      assert.deepEqual(lab.programs(), [])
    }))

  it('starts one again that was stopped, and only that', () =>
    withHosts(['a'], async lab => {
      const one = shell('one', `echo here; ${sleeps}`)
      await lab.start(one, shell('two', sleeps))
      await until('said', () => textOf(lab.space, 'one') === 'here\n')
      const before = lab.seen('two')
      assert.deepEqual(await lab.give([stop('one', false)]), [])
      await lab.start(one, shell('two', sleeps))
      await until('said twice', () => textOf(lab.space, 'one') === 'here\nhere\n')
      assert.deepEqual(lab.seen('two'), before)
    }))

  it('restarts what changed, in place', () =>
    withHosts(['a'], async lab => {
      await lab.start(shell('one', sleeps), shell('two', sleeps))
      const before = [lab.seen('one'), lab.seen('two')]
      await lab.start(shell('one', 'exec sleep 1000'), shell('two', sleeps))
      await until('another runs', () => lab.programs().join() === 'sleep 1000,sleep infinity')
      assert.notEqual(lab.seen('one')?.pid, before[0]?.pid)
      assert.deepEqual(lab.seen('two'), before[1])
    }))

  it('leaves nothing when the lab goes, each asked in its own way', async () => {
    let programs = () => [''] as readonly string[]
    await withHosts(['a'], async lab => {
      programs = lab.programs
      const daemon = `(setsid sh -c 'sleep 1000 & sleep 1001' > /dev/null 2>&1 &) ; exit 0`
      const asked = `trap 'echo asked > /tmp/${lab.space.lab}; exit' HUP; echo up; while :; do sleep 0.01; done`
      await lab.start(shell('daemon', daemon), shell('asked', asked, { stop: { signal: 'HUP', grace: 20 } }))
      await says(lab, 'asked', 'up')
      await until('a daemon', () => lab.programs().includes('sleep 1001'))
      await until('it has ended by itself', () => lab.seen('daemon')?.ended === 'exit 0')
      lab.space.remove()
      assert.deepEqual(lab.programs(), [])
      assert.equal(readFileSync(`/tmp/${lab.space.lab}`, 'utf8'), 'asked\n')
      rmSync(`/tmp/${lab.space.lab}`)
    })
    assert.deepEqual(programs(), [])
  })
})
