/** What oclif asks of its configuration when a command parses; nothing is looked for on disk. */
import type { Config } from '@oclif/core/config'

export const config = {
  bin: 'nstopo',
  name: 'nstopo',
  runHook: async () => ({ successes: [], failures: [] }),
} as Partial<Config> as Config
