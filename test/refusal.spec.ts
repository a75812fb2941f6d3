/** What the kernel refuses: said with its line, and undone. */
import assert from 'node:assert/strict'
import { diff, down, renderDiagnostics, source, up } from '../src/index.js'
import { kernel, withLab, worked } from './support/labs.js'
import { labName, machine, run, witness } from './support/machine.js'

const good = `
nodes:
  a: { routes: { to: 10.4.0.0/16, via: b } }
  b:
links:
  - [a 10.0.0.1/24, b 10.0.0.2/24]
`
/** The kernel takes one VXLAN of an id and a port in a namespace; nothing but the kernel knows. */
const twice =
  'b: { interfaces: { v1: { kind: vxlan, id: 5, remote: 10.0.0.1 }, v2: { kind: vxlan, id: 5, remote: 10.0.0.9 } } }'

async function refused(text: string, name: string): Promise<string> {
  const result = await up(source(text, { name, label: 'lab.yaml' }), kernel)
  assert.ok(result.diagnostics.some(d => d.code === 'kernel-refused'))
  assert.equal(result.value!.undone, true)
  return renderDiagnostics(result.diagnostics, result.document, { colour: false })
}

describe('a refusal', () => {
  it('takes a new lab down again, and says what, where and why', async () => {
    const before = machine()
    const name = labName('refused')
    const text = await refused(good.replace('b:\n', `${twice}\n`), name)
    assert.match(
      text,
      /^lab\.yaml:4:\d+ {2}error: b: the kernel refused to create the vxlan v2: EEXIST \(File exists\), “A VXLAN device with the specified VNI already exists”/,
    )
    assert.match(text, /hint: what was made is taken down again/)
    assert.equal(text.match(/error:/g)!.length, 1, 'what followed from it is not told')
    assert.deepEqual(machine(), before)
  })

  it('undoes a change in place', async () => {
    const name = labName('undone')
    await withLab(source(good, { name }), async () => {
      run('ip', '-n', `${name}.b`, 'route', 'add', '192.0.2.0/24', 'via', '10.0.0.1')
      const before = [witness(`${name}.a`), witness(`${name}.b`)]
      const changed = good
        .replace('b:\n', `${twice}\n  c:\n`)
        .replace('10.4.0.0/16', '10.5.0.0/16')
        .replace('- [a 10.0.0.1/24', '- [a, c]\n  - [a 10.0.0.7/24')
      const text = await refused(changed, name)
      assert.match(text, /hint: the lab is as it was before/)
      assert.deepEqual([witness(`${name}.a`), witness(`${name}.b`)], before)
      assert.deepEqual([...kernel.space(name).nodes().keys()].sort(), ['a', 'b'])
      assert.equal(worked(diff({ lab: name }, kernel)).differs, false)
    })
  })

  it('names a setting that the kernel does not take, with its line', async () => {
    const text = await refused(
      good.replace('a: { ', 'a: { sysctls: { net.ipv4.ip_forward: banana }, '),
      labName('setting'),
    )
    assert.match(
      text,
      /^lab\.yaml:3:\d+ {2}error: a: the kernel refused to set the sysctl net\.ipv4\.ip_forward = banana: EINVAL/,
    )
  })

  it('an interrupted run is undone too', async () => {
    const name = labName('interrupted')
    const before = machine()
    const controller = new AbortController()
    const chain = Array.from({ length: 300 }, (_, i) => `  - [n${i}, n${i + 1}]`).join('\n')
    const nodes = Array.from({ length: 301 }, (_, i) => `  n${i}:`).join('\n')
    const text = `nodes:\n${nodes}\nlinks:\n${chain}\n`
    const result = await up(source(text, { name }), kernel, {
      signal: controller.signal,
      progress: () => controller.abort(),
    })
    assert.deepEqual(
      result.diagnostics.filter(d => d.severity === 'error').map(d => d.code),
      ['interrupted'],
    )
    assert.deepEqual(machine(), before)
    assert.equal(worked(await down(name, kernel)).wasUp, false)
  })

  it('another file does not change a running lab', async () => {
    const name = labName('other')
    await withLab(source(good, { name, path: '/one/lab.yaml' }), async () => {
      const result = await up(source(good, { name, path: '/two/lab.yaml' }), kernel)
      assert.deepEqual(
        result.diagnostics.map(d => d.code),
        ['other-file'],
      )
      assert.match(result.diagnostics[0]!.message, /\/one\/lab\.yaml/)
    })
  })

  it('a namespace that nstopo did not make stands in the way, and stays', async () => {
    const name = labName('stranger')
    run('ip', 'netns', 'add', `${name}.b`)
    try {
      const result = await up(source(good, { name }), kernel)
      assert.deepEqual(
        result.diagnostics.map(d => d.code),
        ['in-the-way'],
      )
      assert.ok(run('ip', 'netns', 'list').includes(`${name}.b`))
    } finally {
      run('ip', 'netns', 'del', `${name}.b`)
    }
  })
})
