/** A node or a process in; the variables that it says out. */
import { error } from '../../../diagnostic.js'
import type { Report } from '../draft.js'
import { entries, type Item, pick } from '../item.js'
import { printable } from '../names.js'

interface WithVariables {
  readonly environment?: Readonly<Record<string, string | null>> | null
}

export function readEnvironment(spec: Item<WithVariables>, report: Report): Readonly<Record<string, string>> {
  const result: [name: string, value: string][] = []
  for (const [name, item] of entries(pick(spec, 'environment'))) {
    if (item.value === null) continue
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) result.push([name, item.value])
    else {
      const hint = 'letters, digits and underscores, the first no digit: `ROLE: web`'
      report(error('bad-name', `\`${printable(name)}\` cannot name a variable`, { path: item.at, key: true }, { hint }))
    }
  }
  return Object.fromEntries(result)
}
