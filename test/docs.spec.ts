import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isFresh, pages } from '../scripts/docs.js'
import { validate } from '../src/pipeline.js'
import { root } from './commands/program.js'

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
})
