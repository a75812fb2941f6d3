/** What must be found in a text, as the file says it, in; ready to be looked for out. */
import { error } from '../../../diagnostic.js'
import type { Pattern } from '../../../model/assertion.js'
import type { Report } from '../draft.js'
import type { Item } from '../item.js'

/** `/expression/flags`, or a text. */
export function patternOf(item: Item<string> | undefined, report: Report): Pattern | undefined {
  if (!item) return undefined
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(item.value) ?? []
  if (source === undefined) return { text: item.value }
  try {
    return { expression: new RegExp(source, flags) }
  } catch (thrown) {
    const why = (thrown as Error).message.replace(/^Invalid regular expression: /, '')
    report(error('bad-value', `this is no regular expression: ${why}`, item.at))
    return undefined
  }
}
