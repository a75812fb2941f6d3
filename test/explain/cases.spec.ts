/**
 * Every folder of cases/: a lab, what is broken in it and asked of it (`ask.json`), and what `explain` is to say. Each node
 * and reason is the kernel’s. `UPDATE=1` writes them anew, to be read. Among ways of equal cost the kernel chooses by a number
 * that it drew when it booted: then there are several texts, with a line `or` between them.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { down, up } from '../../src/index.js'
import { type Ends, explain } from '../../src/pipeline/explain.js'
import { renderExplanation } from '../../src/render/explain.js'
import { fileSource, kernel, worked } from '../support/labs.js'
import { inside, labName, run } from '../support/machine.js'

const root = new URL('cases/', import.meta.url)

interface Ask extends Ends {
  readonly bytes?: number
  /** Nodes, and what is done to each of them. */
  readonly break?: readonly (readonly [node: string, ...command: readonly string[]])[]
}

/** What `explain` says, but for how long it took. */
async function told(name: string): Promise<string> {
  const ask = JSON.parse(readFileSync(new URL(`${name}/ask.json`, root), 'utf8')) as Ask
  const lab = labName(name)
  const source = { ...fileSource(new URL(`${name}/lab.yaml`, root).pathname, lab), label: 'lab.yaml' }
  try {
    worked(await up(source, kernel, { wait: 300_000 }))
    for (const [node, command, ...words] of ask.break ?? []) inside(`${lab}.${node}`, command!, ...words)
    const options = ask.bytes === undefined ? {} : { bytes: ask.bytes }
    const { document, ...result } = await explain(lab, ask, kernel, options)
    const text = renderExplanation(worked(result), { colour: false, document })
    return text.replace(/answered in \S+ \S+$/gm, 'answered')
  } finally {
    await down(lab, kernel)
  }
}

const isSkipped = (name: string) => name.startsWith('filter') && !hasFilters()

function hasFilters(): boolean {
  try {
    run('nft', 'list', 'tables')
    return true
  } catch {
    return false
  }
}

/** Most of the time is spent waiting for answers that do not come. */
const atOnce = 6

describe('explain', () => {
  const names = readdirSync(root)
  const texts = new Map<string, Promise<string>>()
  before(() => {
    let waiting: Promise<unknown>[] = names.slice(0, atOnce).map(() => Promise.resolve())
    for (const [place, name] of names.entries()) {
      const text = waiting[place % atOnce]!.then(() => (isSkipped(name) ? '' : told(name)))
      text.catch(() => {})
      texts.set(name, text)
      waiting = waiting.with(
        place % atOnce,
        text.catch(() => {}),
      )
    }
  })

  for (const name of names)
    it(name, async function () {
      if (isSkipped(name)) return this.skip()
      const file = new URL(`${name}/expected.txt`, root)
      const text = await texts.get(name)!
      const expected = existsSync(file) ? readFileSync(file, 'utf8').split(/^or\n/m) : []
      if (expected.includes(text)) return
      if (process.env.UPDATE) writeFileSync(file, text)
      else assert.equal(text, expected[0])
    })
})
