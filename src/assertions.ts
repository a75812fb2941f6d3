/** The door to the tests of a file: a lab that is up and what has to be true of it in; what is, and why the rest is not, out. */
import { type Bench, type Doubt, until } from './assertions/bench.js'
import { ends } from './assertions/command.js'
import { serves, takes } from './assertions/connections.js'
import { resolves } from './assertions/dns.js'
import { nameOf } from './assertions/names.js'
import { fits, passes, reached, unreached } from './assertions/reach.js'
import type { Ends } from './assertions/targets.js'
import { carries } from './assertions/throughput.js'
import { passages } from './explain.js'
import type { Assertion, AssertionOf, Pairs } from './model/assertion.js'
import type { Passage } from './model/explanation.js'
import type { Failure, Verdict } from './model/verdict.js'

export type { Bench } from './assertions/bench.js'
export { nameOf } from './assertions/names.js'

/** One thing that a test looks at. */
interface Check {
  readonly subject: string
  readonly attempt: (left: number) => Promise<Doubt>
  /** Between whom packets go, where their way may explain a failure. */
  readonly ends?: Ends & { readonly bytes?: number }
}

/** So many are looked at side by side; after so many failures, no further. */
const atOnce = 32
const mostFailures = 100
/** So many are explained, one after the other, as each counts packets. */
const mostExplained = 10

interface Failed {
  readonly place: number
  readonly check: Check
  readonly text: string
}

export async function judge(assertion: Assertion, bench: Bench): Promise<Verdict> {
  const started = performance.now()
  const failed = await untrue(assertion, bench)
  const failures: Failure[] = []
  for (const [number, { check, text }] of failed.entries())
    failures.push(
      number < mostExplained
        ? await explained(check, text, { assertion, bench })
        : { subject: check.subject, text, passages: [] },
    )
  return { assertion, name: nameOf(assertion), failures, milliseconds: performance.now() - started }
}

/** The time is the test's, not each one's: a thousand that can't be true don't take a thousand times as long. */
async function untrue(assertion: Assertion, bench: Bench): Promise<readonly Failed[]> {
  const deadline = performance.now() + assertion.within
  const waiting = checksOf(assertion, bench).entries()
  const failed: Failed[] = []
  const work = async () => {
    for (const [place, check] of waiting) {
      const text = await until(deadline, bench, check.attempt)
      if (text !== undefined) failed.push({ place, check, text })
      if (bench.signal?.aborted || failed.length >= mostFailures) return
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return failed.sort((a, b) => a.place - b.place)
}

function checksOf(assertion: Assertion, bench: Bench): readonly Check[] {
  switch (assertion.kind) {
    case 'reach':
      return pairsOf(assertion).map(ends => ({ ...named(ends), attempt: left => reached(bench, ends, left) }))
    case 'unreachable':
      return pairsOf(assertion).map(ends => ({ ...named(ends), attempt: left => unreached(bench, ends, left) }))
    case 'path':
      return pairsOf(assertion).map(ends => ({ ...named(ends), attempt: left => passes(bench, ends, assertion, left) }))
    case 'mtu':
      return pairsOf(assertion).map(ends => ({
        ...named({ ...ends, bytes: assertion.is }),
        attempt: left => fits(bench, ends, assertion, left),
      }))
    case 'tcp':
      return portsOf(assertion).map(({ port, ...check }) => ({ ...check, attempt: left => takes(bench, port, left) }))
    case 'http':
      return portsOf(assertion).map(({ port, ...check }) => ({
        ...check,
        attempt: left => serves(bench, port, assertion, left),
      }))
    case 'dns':
      return assertion.from.map(from => ({
        subject: `${from} asks for ${assertion.name}`,
        attempt: left => resolves(bench, from, assertion, left),
        ...(assertion.server !== undefined && { ends: { from, to: assertion.server } }),
      }))
    case 'throughput':
      return [{ ...named(assertion), attempt: left => carries(bench, assertion, left) }]
    case 'run':
      return assertion.in.map(node => ({ subject: node, attempt: () => ends(bench, node, assertion) }))
  }
}

function named({ from, to, family, bytes }: NonNullable<Check['ends']>) {
  return { subject: `${from} → ${to}`, ends: { from, to, family, ...(bytes !== undefined && { bytes }) } }
}

/** A node that is among both does not ask itself. */
function pairsOf({ from, to, family }: Pairs & Pick<Assertion, 'family'>): readonly Ends[] {
  return from.flatMap(one => to.filter(other => other !== one).map(other => ({ from: one, to: other, family })))
}

function portsOf({ from, to, family }: AssertionOf<'tcp' | 'http'>) {
  return from.flatMap(one =>
    to.map(target => ({
      ...{ port: { from: one, target, family }, subject: `${one} → ${target.to} port ${target.port}` },
      ends: { from: one, to: target.to, family },
    })),
  )
}

interface Judging {
  readonly assertion: Assertion
  readonly bench: Bench
}

/** What the way of packets says; that it is good says nothing of why something else is not. */
async function explained({ subject, ends }: Check, text: string, { assertion, bench }: Judging): Promise<Failure> {
  if (!ends || bench.signal?.aborted) return { subject, text, passages: [] }
  const { family, ...between } = ends
  const all = await passages(bench.look(), { ...between, signal: bench.signal })
  const found = all.filter(passage => family === undefined || family === passage.family)
  const wanted = assertion.kind === 'unreachable' || assertion.kind === 'path'
  const telling = (passage: Passage) => wanted === (passage.reason === undefined) || assertion.kind === 'path'
  return { subject, text, passages: found.filter(telling) }
}
