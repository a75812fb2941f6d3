/** What is to come true in; returns when it has, however long a loaded machine takes. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'

/** Up to a limit that is far beyond what it takes. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 300_000; !isTrue(); await pause(10))
    assert.ok(Date.now() < deadline, `never came true: ${what}`)
}
