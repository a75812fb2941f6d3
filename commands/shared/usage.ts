/** What oclif's parser throws in, a diagnostic in our own words out. */
import { type Diagnostic, error } from '../../src/diagnostic.js'
import { didYouMean } from './near.js'

/** @param flags the names of the flags that there are */
export function usageProblem(thrown: Error, command: string, flags: readonly string[]): Diagnostic {
  const help = `nstopo help ${command} says what it takes`
  if ('flags' in thrown && isTexts(thrown.flags)) {
    const [first = ''] = thrown.flags
    const hint = didYouMean(first.replace(/^-+/, ''), flags).hint?.replace(/mean /, 'mean --')
    return error('bad-usage', `${command} has no flag ${thrown.flags.join(', ')}`, undefined, { hint: hint ?? help })
  }
  if ('args' in thrown && isTexts(thrown.args))
    return error('bad-usage', `${command} does not take ${thrown.args.join(' ')}`, undefined, { hint: help })
  const [line = 'this is not how it is called'] = thrown.message
    .replace(/\nSee more help with --help$/, '')
    .split('\n\n')
  return error('bad-usage', `${command}: ${lower(line.replace(/\s*\n\s*/g, ' '))}`, undefined, { hint: help })
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
