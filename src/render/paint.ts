/** Colours, or none, by one switch. */
import { Ansis } from 'ansis'

export interface Paint {
  readonly good: (text: string) => string
  readonly change: (text: string) => string
  readonly bad: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
}

export function paint(colour: boolean): Paint {
  const ansis = new Ansis(colour ? 1 : 0)
  return {
    good: text => ansis.green(text),
    change: text => ansis.yellow(text),
    bad: text => ansis.red(text),
    faint: text => ansis.dim(text),
    strong: text => ansis.bold(text),
  }
}
