/** Every folder of cases/: a topology, and the diagnostics that it is to have. `UPDATE=1` writes them anew, to be read. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { compile } from '../src/pipeline.js'
import { renderDiagnostics } from '../src/render/diagnostics.js'

const root = new URL('cases/', import.meta.url)

/** The folder as `/cases/NAME/lab.yaml`, with the variables of its `set.json`, and nothing of the environment. */
function rendered(name: string): string {
  const folder = new URL(`${name}/`, root)
  const settings = new URL('set.json', folder)
  const variables: Record<string, string> = existsSync(settings) ? JSON.parse(readFileSync(settings, 'utf8')) : {}
  const text = readFileSync(new URL('lab.yaml', folder), 'utf8')
  const source = { text, path: `/cases/${name}/lab.yaml`, label: 'lab.yaml', variables, environment: {} }
  const { diagnostics, document } = compile(source)
  return renderDiagnostics(diagnostics, document, { colour: false })
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
