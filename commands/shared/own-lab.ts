/** A topology in; its lab brought up under a name of its own, tested, and taken away; the exit status out. */
import type { Source } from '../../src/model/document.js'
import { down, up, validate } from '../../src/pipeline.js'
import { changed } from './changed.js'
import type { Interruption } from './interrupt.js'
import { type JudgeFlags, judged, tell } from './judged.js'
import { machine } from './machine.js'
import { finish } from './output.js'
import { sourceOf } from './run.js'
import { statusOf } from './status.js'
import { uniqueName } from './unique-name.js'

type OwnFlags = JudgeFlags & {
  readonly watch: boolean
  readonly 'keep-on-failure': boolean
  readonly set?: readonly string[] | undefined
}

/** Up, the tests, and down, whatever happens. */
export async function testInOwnLab(source: Source, stop: Interruption, flags: OwnFlags): Promise<number> {
  const { value, ...checked } = validate(source)
  if (!value) return finish({ command: 'test', ...checked }, flags)
  const name = uniqueName(value.document.lab, '-test')
  const over = new AbortController()
  const signal = AbortSignal.any([stop.signal, over.signal])
  let status = 0
  try {
    for (let next: Source | undefined = source; next; ) {
      // From before the tests on: what is saved while they run counts too.
      const saved: Promise<void> | undefined =
        flags.watch && next.path !== undefined ? changed(next.path, signal) : undefined
      status = await once({ ...next, name }, stop, flags)
      next = saved && (await nextOf(next, saved, stop, flags))
    }
    return status
  } finally {
    over.abort()
    if (status === 1 && flags['keep-on-failure'])
      process.stderr.write(`the lab ${name} stays up: nstopo down ${name} takes it away\n`)
    else await down(name, machine())
  }
}

async function once(source: Source, stop: Interruption, flags: OwnFlags): Promise<number> {
  const { value, ...built } = await up(source, machine(), { signal: stop.signal })
  const status = statusOf(built.diagnostics, stop.status())
  if (!value || status !== 0) return finish({ command: 'test', ...built, status }, flags)
  const found = await judged(value.lab, stop, flags)
  return tell({ ...found, diagnostics: [...built.diagnostics, ...found.diagnostics] }, stop, flags)
}

/** The file as it is when it has been saved. */
async function nextOf(
  source: Source,
  saved: Promise<void>,
  stop: Interruption,
  flags: OwnFlags,
): Promise<Source | undefined> {
  await saved
  if (stop.signal.aborted) return undefined
  const again = await sourceOf(source.path!, flags)
  return 'value' in again ? { ...again.value, label: source.label } : source
}
