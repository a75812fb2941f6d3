/** Hosts, files and processes as people and programs read them: what is there, what differs, what is to be done. */
import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { diff, inspect, plan, simulated, source, up } from '../../src/index.js'
import { renderDiff } from '../../src/render/diff.js'
import { renderInspection } from '../../src/render/inspect.js'
import { inspectionJson } from '../../src/render/json.js'
import { planSchema } from '../../src/render/schemas/resource.js'
import { results } from '../../src/render/schemas.js'
import { planScript } from '../../src/render/script.js'
import { worked } from '../support/labs.js'

const text = `nodes:
  web:
    hostname: web.example
    isolate: pid
    time: { boottime: +1d }
    limits: { memory: 64mb, cpu: 50%, pids: 10 }
    users: { map: "0 100000 65536" }
    environment: { ROLE: web }
    files: { /etc/motd: { content: hello }, /srv: { tmpfs: 1mb } }
    processes: { http: { command: [serve, "a\\nb"], ready: { listen: tcp/80 } } }
  db: {}
links: [[web 10.0.0.1/24, db 10.0.0.2/24]]
`
const lab = (own: string) => source(own, { name: 'lab' })

describe('render: hosts', () => {
  const ajv = new Ajv({ strict: true })

  it('inspect shows what a node has besides its network', async () => {
    const kernel = simulated()
    worked(await up(lab(text), kernel))
    const seen = worked(inspect('lab', kernel, ['web']))
    const shown = renderInspection(seen, { colour: false, now: Date.now() })
    const expected = `  host
    web.example, own mount pid user cgroup time, memory 64mb, cpu 50%, 10 pids
    clocks ahead: monotonic 0, boottime 86400
    uids: 65536 from 0 on are 100000 on
    gids: 65536 from 0 on are 100000 on
    ROLE=web
  files
    /etc/motd  5 bytes
    /srv  tmpfs of 1mb
  programs
    http  ready    serve a\\x0ab
`
    assert.equal(shown.slice(shown.indexOf('  host\n')), expected)
    assert.ok(ajv.validate(results.inspect, inspectionJson(seen)), ajv.errorsText())
  })

  it('diff says what differs, without what nobody can read', async () => {
    const kernel = simulated()
    worked(await up(lab(text), kernel))
    const other = text
      .replace('hello', 'good day')
      .replace('64mb', '128mb')
      .replace('[serve,', '[serve, -v,')
      .replace('/srv: { tmpfs: 1mb }', '/new: { content: new }')
    const { document, value } = diff(lab(other), kernel)
    const shown = renderDiff(value!, { colour: false, document })
    for (const line of [
      'limits is memory 64mb, cpu 50%, pids 10, should be memory 128mb, cpu 50%, pids 10',
      'file web:/etc/motd (8 bytes): other contents',
      'stale    file web:/srv (tmpfs of 1mb)',
      'missing  file web:/new (3 bytes)',
      'command is serve a\\x0ab, should be serve -v a\\x0ab; other files of its node',
    ])
      assert.ok(shown.includes(line), `${line}\n${shown}`)
  })

  it('a plan is what its schema says, and its script leaves in comments what iproute2 does not make', () => {
    const made = worked(plan(lab(text), simulated())).plan
    assert.ok(ajv.validate(planSchema, JSON.parse(JSON.stringify(made))), ajv.errorsText())
    const lines = planScript(made).split('\n')
    const comments = lines.slice(lines.findIndex(line => line.startsWith('# What iproute2')))
    assert.deepEqual(
      comments.map(line => line.replace(/ \(.*/, '')),
      [
        '# What iproute2 does not make, and "nstopo up --adopt FILE" does:',
        ...['#   create host web', '#   create file web:/etc/motd', '#   create file web:/srv'],
        ...['#   create process web:http', ''],
      ],
    )
  })
})
