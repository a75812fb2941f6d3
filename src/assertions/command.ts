/** A node and a command in; whether it ends as it should, and says what it should, out. */
import type { AssertionOf } from '../model/assertion.js'
import type { Bench, Doubt } from './bench.js'
import { foundIn, wordsOf } from './pattern.js'

/** Each try may take all the time that there is: what is cut off says less than what has ended. */
export async function ends(
  { runIn }: Bench,
  node: string,
  { command, status, output, within }: AssertionOf<'run'>,
): Promise<Doubt> {
  const done = await runIn(node, command, within)
  if (done.status !== status)
    return `${command[0]} ends with status ${done.status}, not ${status}${lastLine(done.stderr)}`
  if (output && !foundIn(output, done.stdout)) return `the output has no ${wordsOf(output)}`
  return undefined
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  return line === '' ? '' : `: ${line.slice(0, 200)}`
}
