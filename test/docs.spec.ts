import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isFresh, pages } from '../scripts/docs.js'
import { validate } from '../src/pipeline.js'
import { inFolder, labName, nstopo, root } from './commands/program.js'

const texts = ['README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`)]
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the manual', () => {
  it('is as the program says of itself; npm run docs makes it so', async () => {
    for (const [name, text] of await pages()) assert.ok(isFresh(name, text), `docs/${name} is stale: npm run docs`)
  })

  for (const path of texts) {
    it(`${path}: every example is valid, without a warning`, () => {
      for (const [, text = ''] of read(path).matchAll(/```yaml\n([\s\S]*?)```/g)) {
        const source = { text, label: path, name: 'example', variables: {}, environment: {} }
        assert.deepEqual(validate(source).diagnostics, [])
      }
    })

    it(`${path}: every link leads to a file`, () => {
      for (const [, target = ''] of read(path).matchAll(/\]\(([^)#:]+)[^)]*\)/g))
        assert.ok(existsSync(join(root, dirname(path), target)), target)
    })
  }

  it('README.md shows a lab as it really goes', () => {
    const [, yaml = '', session = ''] =
      /```yaml\n([\s\S]*?)```\s+```console\n([\s\S]*?)```/.exec(read('README.md')) ?? []
    const lab = labName('readme')
    const mine = (text: string) =>
      text.replaceAll('router.yaml', `${lab}.yaml`).replace(/\brouter(?= )|\brouter$/gm, lab)
    const steps = session.split(/^# nstopo /m).slice(1)
    assert.ok(steps.length >= 3)
    inFolder({ [`${lab}.yaml`]: yaml }, cwd => {
      try {
        for (const step of steps) {
          const [line = '', ...shown] = mine(step).split('\n')
          const { stdout, stderr } = nstopo(line.split(' '), { cwd })
          assert.deepEqual([timeless(stdout), stderr], [timeless(shown.join('\n')), ''], line)
        }
      } finally {
        nstopo(['down', lab])
      }
    })
  })
})

/** What a second run would say otherwise: how long things took. */
function timeless(text: string): string {
  return text.replace(/[\d./]+ ?(ms|s)\b/g, '#').replace(/(?<=mdev = ).*/, '#')
}
