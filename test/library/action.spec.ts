import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { asUser } from '../rootless/user.js'

interface Step {
  readonly name: string
  readonly shell: string
  readonly run: string
}

const { runs } = parse(readFileSync('action.yml', 'utf8')) as { runs: { using: string; steps: readonly Step[] } }
/** All but the installation, as the runner runs them. */
const script = runs.steps
  .slice(1)
  .map(
    ({ run }, index) =>
      `cat > step-${index} <<'END'\n${run.trimEnd()}\nEND\nbash --noprofile --norc -eo pipefail step-${index}\n`,
  )
  .join('')

describe('action.yml', () => {
  it('is a composite action of bash’s steps', () => {
    assert.equal(runs.using, 'composite')
    assert.deepEqual([...new Set(runs.steps.map(({ shell }) => shell))], ['bash'])
  })

  for (const who of [{}, { root: true }] as const) {
    it(`opens the way for ${'root' in who ? 'root' : 'an ordinary user'}, and finds that a lab can be made`, () => {
      const { status, stdout, stderr } = asUser(script, who)
      assert.equal(status, 0, stdout + stderr)
      assert.match(stdout, /namespaces/)
    })
  }
})
