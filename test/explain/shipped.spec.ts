/** On shipped topologies: where an answer comes, the walk arrives too, there and back; where none comes, it says why. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { passages } from '../../src/explain.js'
import { down, up } from '../../src/index.js'
import { sceneOf } from '../../src/pipeline/explain.js'
import { surveyOf } from '../../src/pipeline/lab.js'
import { fileSource, kernel, shipped, worked } from '../support/labs.js'
import { labName } from '../support/machine.js'

/** Bridges, macvlan, vxlan, rules, several next hops, and IPv6 alone. */
const chosen = ['ecmp.yaml', 'ipv6-only.yaml', 'macvlan.yaml', 'policy-routing.yaml', 'router.yaml', 'vxlan.yaml']
const mostNodes = 5

describe('explain: shipped topologies', () => {
  for (const path of shipped.filter(path => chosen.includes(basename(path))))
    it(basename(path), async () => {
      const lab = labName(`walk-${basename(path, '.yaml')}`)
      try {
        worked(await up(fileSource(path, lab), kernel, { wait: 300_000 }))
        const survey = surveyOf(lab, kernel)
        const scene = sceneOf(survey)
        const nodes = scene.applied!.network.nodes.filter(({ kind }) => kind !== 'switch').map(({ name }) => name)
        for (const from of nodes.slice(0, mostNodes))
          for (const to of nodes.slice(0, mostNodes).filter(other => other !== from))
            for (const { milliseconds, there, back, reason, family } of await passages(scene, { from, to })) {
              const about = `${from} → ${to}, IPv${family}`
              assert.equal(milliseconds === undefined, (there.end ?? back?.end) !== undefined, about)
              assert.ok(milliseconds !== undefined || reason?.why === 'no-route', about)
            }
        survey.space.close()
      } finally {
        await down(lab, kernel)
      }
    })
})
