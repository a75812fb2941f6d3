import assert from 'node:assert/strict'
import { type About, traced } from '../../src/model/trace.js'
import { recorder } from '../../src/pipeline/recorder.js'
import { firstBytes, renderProfile } from '../../src/render/profile.js'
import { renderTimings, timingsOf } from '../../src/render/timings.js'

/** A clock that goes on when it is told to. */
function script() {
  let now = 0
  const trace = recorder(() => now)
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { trace, pass }
}

const sent = (name: string, message: string, count: number): About => ({ name, message, count, category: 'kernel' })

/** A small `up`: two rounds of links with an address between them, and a moment that nobody accounts for. */
async function run() {
  const { trace, pass } = script()
  pass(40)
  trace.add({ name: 'start Node.js', category: 'phase' }, 0, 30)
  trace.add({ name: 'load the command', category: 'phase' }, 30, 40)
  traced(trace, 'parse', () => pass(1))
  await traced(trace, 'execute', async () => {
    pass(2)
    trace.span({ ...sent('create veth', 'RTM_NEWLINK', 2), more: { node: 'h1', refused: 0 } }, () => pass(30))
    await undefined
    trace.span(sent('create address', 'RTM_NEWADDR', 4), () => pass(0.5))
    trace.span(sent('create veth', 'RTM_NEWLINK', 1), () => pass(15))
  })
  pass(1.5)
  assert.throws(() =>
    traced(trace, 'print', () => {
      pass(10)
      throw new Error('nobody reads')
    }),
  )
  return trace
}

describe('render: where the time went', () => {
  it('is a table of phases and, inside of them, of the kernel’s messages', async () => {
    const trace = await run()
    const text = renderTimings(timingsOf(trace.spans(), trace.now()), { colour: false })
    assert.equal(
      text,
      `
where the time went                ms    share  count  µs each
start Node.js                    30.0   30.0 %
load the command                 10.0   10.0 %
parse                             1.0    1.0 %
execute                          47.5   47.5 %
  create veth (RTM_NEWLINK)      45.0   45.0 %      3    15000
  create address (RTM_NEWADDR)    0.5    0.5 %      4      125
  the rest                        2.0    2.0 %
print                            10.0   10.0 %
the rest                          1.5    1.5 %
total                           100.0  100.0 %
  of this the kernel             45.5   45.5 %
`,
    )
  })

  it('is bold on a terminal where it takes more than a tenth', async () => {
    const trace = await run()
    const text = renderTimings(timingsOf(trace.spans(), trace.now()), { colour: true })
    const bold = text.split('\n').filter(line => line.startsWith('\x1b[1m'))
    assert.deepEqual(
      bold.map(line => line.slice(4).trim().split(/ {2,}/)[0]),
      ['start Node.js', 'execute', 'create veth (RTM_NEWLINK)', 'total'],
    )
  })

  it('is plain data for programs, whose parts add up to the whole', async () => {
    const trace = await run()
    const { milliseconds, kernel, phases } = timingsOf(trace.spans(), trace.now())
    assert.deepEqual([milliseconds, kernel], [100, 45.5])
    assert.deepEqual(phases[4], {
      path: ['execute', 'create veth'],
      milliseconds: 45,
      message: 'RTM_NEWLINK',
      count: 3,
    })
    const outer = phases.filter(({ path }) => path.length === 1)
    assert.equal(
      outer.reduce((sum, phase) => sum + phase.milliseconds, 0),
      100,
    )
  })

  it('is told of what still goes on, up to now', () => {
    const { trace, pass } = script()
    traced(trace, 'print', () => {
      pass(3)
      assert.deepEqual(trace.spans(), [{ name: 'print', category: 'phase', start: 0, duration: 3, depth: 0 }])
    })
  })
})

interface Event {
  readonly name: string
  readonly ph: string
  readonly cat?: string
  readonly ts: number
  readonly dur: number
  readonly pid: number
  readonly tid: number
  readonly args: Readonly<Record<string, string | number>>
}

describe('render: a trace for viewers', () => {
  it('names process and thread, and has an event for every span, a part inside of its whole', async () => {
    const text = renderProfile((await run()).spans(), { command: 'up', version: '1.2.3', pid: 7 })
    assert.ok(text.startsWith(firstBytes))
    const { traceEvents, otherData } = JSON.parse(text) as { traceEvents: Event[]; otherData: unknown }
    assert.deepEqual(otherData, { nstopo: '1.2.3' })
    const [process, thread, ...events] = traceEvents
    assert.deepEqual(process, { name: 'process_name', ph: 'M', pid: 7, tid: 7, args: { name: 'nstopo up' } })
    assert.deepEqual(thread, { name: 'thread_name', ph: 'M', pid: 7, tid: 7, args: { name: 'main' } })
    for (const event of events) assert.deepEqual([event.ph, event.pid, event.tid], ['X', 7, 7])
    const [veth] = events.filter(({ cat }) => cat === 'kernel')
    assert.deepEqual(veth, {
      ...{ name: 'create veth', cat: 'kernel', ph: 'X', ts: 43_000, dur: 30_000, pid: 7, tid: 7 },
      args: { message: 'RTM_NEWLINK', count: 2, node: 'h1', refused: 0 },
    })
    const whole = events.find(({ name }) => name === 'execute')!
    for (const { ts, dur, cat } of events)
      if (cat === 'kernel') assert.ok(ts >= whole.ts && ts + dur <= whole.ts + whole.dur)
  })
})
