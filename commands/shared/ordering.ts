/** `start`, `stop` and `restart`: one command with three verbs. */
import { order, type ProcessVerb } from '../../src/pipeline/order.js'
import { renderOrder } from '../../src/render/ps.js'
import { NstopoCommand } from './command.js'
import { common, locking, lockTimeoutOf, reading } from './flags.js'
import { machine } from './machine.js'
import { finish, type OutputFlags } from './output.js'
import { change, refuse } from './run.js'
import type { SourceFlags } from './source.js'
import { targetOf } from './target.js'

export const orderFlags = { ...locking, name: reading.name, ...common }

interface Line {
  readonly argv: readonly unknown[]
  readonly flags: OutputFlags & SourceFlags & { readonly 'lock-timeout'?: string | undefined }
}

export abstract class OrderCommand extends NstopoCommand {
  /** Carries out a parsed line; returns the exit status. */
  protected async carryOut(verb: ProcessVerb, { argv, flags }: Line): Promise<number> {
    const kernel = machine()
    const found = await targetOf(verb, argv.map(String), { kernel, flags })
    if ('problem' in found) return refuse(verb, found.problem, flags)
    const { lab, ...which } = found.value
    const lockTimeout = lockTimeoutOf(flags)
    const done = await change(flags, options => order(lab, kernel, { ...options, ...which, verb, lockTimeout }))
    const { value } = done
    const text = (colour: boolean) => (value ? renderOrder(value, { colour, now: Date.now() }) : '')
    return finish({ command: verb, ...done, result: value, text }, flags)
  }
}
