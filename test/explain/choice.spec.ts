/** Which rule and route are named is reckoned here; that the kernel would choose the same is held on a node full of them. */
import assert from 'node:assert/strict'
import { bestOf, choose } from '../../src/explain/choice.js'
import { lookUp } from '../../src/explain/lookup.js'
import { heldBy, type Scene } from '../../src/explain/scene.js'
import { down, source, up } from '../../src/index.js'
import { sceneOf } from '../../src/pipeline/explain.js'
import { surveyOf } from '../../src/pipeline/lab.js'
import { kernel, worked } from '../support/labs.js'
import { labName } from '../support/machine.js'

/** Numbers that look random, the same at every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 16) % below
  }
}

const types = ['blackhole', 'unreachable', 'prohibit', 'throw'] as const

function topology(name: string, draw: (below: number) => number): string {
  const prefix = () => {
    const length = 12 + draw(3) * 6
    const bits = ((10 << 24) | (draw(4) << 20) | (draw(4) << 14) | (draw(4) << 8) | draw(4)) & (-1 << (32 - length))
    return `${[24, 16, 8, 0].map(shift => (bits >>> shift) & 255).join('.')}/${length}`
  }
  const routes = new Map<string, string>()
  for (let left = 120; left > 0; left--) {
    const [to, table] = [prefix(), 100 + draw(4)]
    const what = draw(3) === 0 ? `type: ${types[draw(4)]}` : `via: 192.0.2.${2 + draw(6)}`
    routes.set(`${to} ${table}`, `      - { to: ${to}, table: ${table}, ${what} }`)
  }
  const rules = Array.from({ length: 20 }, (_, place) => {
    const match = ['to', 'not: true, to', 'to', 'to', 'iif'][draw(5)]!
    const chosen = draw(6) === 0 ? `type: ${types[draw(3)]}` : `table: ${100 + draw(4)}`
    return `      - { ${match}: ${match === 'iif' ? 'eth0' : prefix()}, ${chosen}, priority: ${1000 + place} }`
  })
  return `name: ${name}
nodes:
  a:
    kind: router
    routes:
${[...routes.values()].join('\n')}
    rules:
${rules.join('\n')}
  b: {}
links: [[a:eth0 192.0.2.1/24, b:eth0 192.0.2.2/24]]
`
}

/** What the kernel refuses a way with: by a route (fib_props, net/ipv4/fib_semantics.c), by a rule (fib4_rule_action). */
const byRoute: Readonly<Record<string, string>> = {
  blackhole: 'EINVAL',
  unreachable: 'EHOSTUNREACH',
  prohibit: 'EACCES',
}
const byRule: Readonly<Record<string, string>> = { blackhole: 'EINVAL', unreachable: 'ENETUNREACH', prohibit: 'EACCES' }

/** Asks the kernel for many ways; which actions were met. */
function compare(scene: Scene, draw: (below: number) => number): ReadonlySet<string> {
  const seen = new Set<string>()
  for (let left = 200; left > 0; left--) {
    const destination = `10.${draw(5) * 16}.${draw(4) * 64 + draw(4)}.${draw(4)}`
    const flow = { family: 4 as const, destination, prefix: destination }
    const found = lookUp(scene, 'a', flow)
    const { rule, route } = choose(scene.state, { node: 'a', iif: 'lo' }, flow)
    seen.add(route?.action ?? rule?.action ?? 'none')
    if (typeof found === 'string')
      assert.equal((route ? byRoute[route.action] : byRule[rule?.action ?? '']) ?? 'ENETUNREACH', found, destination)
    else {
      assert.ok(!found.local && route, destination)
      assert.deepEqual([route.table, route.nextHops[0]?.via], [found.table, found.via], destination)
      assert.equal(bestOf(heldBy(scene.state, 'a', 'route'), found.table, flow), route)
    }
  }
  return seen
}

describe('explain: the choice of a route', () => {
  it('is the kernel’s', async () => {
    const seen = new Set<string>()
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const draw = numbers(seed)
      const lab = labName(`choice${seed}`)
      try {
        worked(await up(source(topology(lab, draw), { name: lab }), kernel))
        const survey = surveyOf(lab, kernel)
        for (const action of compare(sceneOf(survey), draw)) seen.add(action)
        survey.space.close()
      } finally {
        await down(lab, kernel)
      }
    }
    assert.deepEqual([...seen].sort(), ['blackhole', 'none', 'prohibit', 'unicast', 'unreachable'])
  })
})
