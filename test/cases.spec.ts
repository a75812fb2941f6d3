/**
 * Every folder of cases/: a topology, and the diagnostics that it is to have, or (`plan-…`) the plan for it: of a new lab,
 * or of one that stands as `before.yaml` says. `UPDATE=1` writes them anew, to be read.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pinned } from '../src/kinds/index.js'
import type { NodeState, Resource, State } from '../src/model/state.js'
import { diff } from '../src/passes/diff.js'
import { plan } from '../src/passes/plan.js'
import { compile } from '../src/pipeline.js'
import { renderDiagnostics } from '../src/render/diagnostics.js'
import { renderPlan } from '../src/render/plan.js'
import { kindOf } from '../src/resources/index.js'

const root = new URL('cases/', import.meta.url)

/** The folder as `/cases/NAME/lab.yaml`, with the variables of its `set.json`, and nothing of the environment. */
function rendered(name: string): string {
  const folder = new URL(`${name}/`, root)
  const settings = new URL('set.json', folder)
  const variables: Record<string, string> = existsSync(settings) ? JSON.parse(readFileSync(settings, 'utf8')) : {}
  const text = readFileSync(new URL('lab.yaml', folder), 'utf8')
  const source = {
    text,
    path: `/cases/${name}/lab.yaml`,
    label: 'lab.yaml',
    ...(name.startsWith('plan-') ? { name: 'lab' } : {}),
    variables,
    environment: {},
  }
  const { diagnostics, document, value } = compile(source)
  const told = renderDiagnostics(diagnostics, document, { colour: false })
  const before = new URL('before.yaml', folder)
  if (!value || !name.startsWith('plan-')) return told
  return told + planned(value.state, existsSync(before) ? readFileSync(before, 'utf8') : undefined)
}

/** The plan from what stands, as nstopo itself would have made it, to what is wanted. */
/** What a new namespace has besides what is pinned. */
const known = [['net.ipv4.tcp_keepalive_time', '7200']] as const

function planned(desired: State, before: string | undefined): string {
  const standing =
    before === undefined
      ? undefined
      : compile({ text: before, label: 'before.yaml', variables: {}, environment: {}, name: 'lab' }).value!.state
  const observed = standing ? numbered(standing) : new Map()
  const made = (r: Resource) =>
    r.type !== 'namespace' && (standing?.get(r.node)?.[r.type].has(kindOf(r.type).key(r)) ?? false)
  const changes = diff({ desired, observed, made })
  const fresh = new Map([...pinned.map(({ name, value }) => [name, value.host] as const), ...known])
  return renderPlan(plan({ lab: 'lab', changes, desired, observed, fresh }), { colour: false })
}

/** As the kernel holds it: links have numbers, and a loopback is there. */
function numbered(state: State): State {
  let index = 1000
  const links = (held: NodeState) =>
    new Map([...held.link].map(([name, link]) => [name, { ...link, index: name === 'lo' ? 1 : index++ }]))
  return new Map([...state].map(([node, held]) => [node, { ...held, link: links(held) }]))
}

describe('cases', () => {
  for (const name of readdirSync(root)) {
    it(name, () => {
      const file = new URL(`${name}/expected.txt`, root)
      const text = rendered(name)
      if (process.env.UPDATE) writeFileSync(file, text)
      assert.equal(text, readFileSync(file, 'utf8'))
    })
  }
})
