/** What was probably meant: a word and the words that exist in, a hint out. */
import { similar } from '../validate/similar.js'

/** `did you mean x?` when a name is near enough; as the rest of a diagnostic. */
export function didYouMean(word: string, names: Iterable<string>): { readonly hint?: string } {
  const found = similar(word, names)
  return found === undefined ? {} : { hint: `did you mean \`${found}\`?` }
}
