/** What every command is: oclif's command, whose run gives the exit status. */
import { Command } from '@oclif/core/command'

export abstract class NstopoCommand extends Command {
  /** Does the work and returns the exit status. */
  abstract override run(): Promise<number>
}
