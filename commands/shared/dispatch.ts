/** A command line in, its command run, the exit status out. */
import { type Diagnostic, error } from '../../src/diagnostic.js'
import type { NstopoCommand } from './command.js'
import { config } from './config.js'
import { didYouMean } from './near.js'
import { aliases, type CommandClass, commands } from './table.js'
import { split, wantsJson } from './words.js'

export { beforeLeaving } from '../../src/kernel/leaving.js'

/** @param begun when the first line of ours ran, in milliseconds since the process began */
/** Whether there is a command of that name, or an alias. */
export function knows(word: string): boolean {
  return Object.hasOwn(commands, word) || Object.hasOwn(aliases, word)
}

export async function dispatch(argv: readonly string[], begun: number): Promise<number> {
  const [first, ...rest] = argv
  if (first === undefined || first === '--help' || first === '-h') return run('help', [], begun)
  const id = aliases[first] ?? first
  if (!Object.hasOwn(commands, id)) return refuse('nstopo', unknownCommand(first), argv)
  const refused = process.env.NSTOPO_REFUSED
  if (refused !== undefined) return refuse(id, await forbidden(refused), argv)
  const asksHelp = split(rest).before.some(word => word === '--help' || word === '-h')
  return asksHelp ? run('help', [id], begun) : run(id, rest, begun)
}

async function run(id: string, argv: readonly string[], begun: number): Promise<number> {
  const { default: Chosen } = await commands[id]!()
  Chosen.id = id
  const command = new Chosen([...argv], config)
  command.marks = { begun, loaded: performance.now() }
  return command.end(await statusOf(command, Chosen, argv))
}

async function statusOf(command: NstopoCommand, Chosen: CommandClass, argv: readonly string[]): Promise<number> {
  try {
    return await command.run()
  } catch (thrown) {
    return refuse(Chosen.id, await problem(thrown, Chosen.id, Chosen), argv)
  }
}

function unknownCommand(word: string): Diagnostic {
  const names = [...Object.keys(commands), ...Object.keys(aliases)]
  const hint = /[/.]/.test(word) ? `did you mean nstopo up ${word}?` : didYouMean(word, names).hint
  return error('bad-usage', `there is no command ${word}`, undefined, { hint: hint ?? 'nstopo help lists them' })
}

/** There are no processes of its own for it: what dist/init says of that (kernel/rootless/tree.ts). */
async function forbidden(said: string): Promise<Diagnostic> {
  const { whyRefused } = await import('../../src/kernel/rootless/forbidden.js')
  const { message, fix } = whyRefused(said)
  return error('not-permitted', message, undefined, { hint: fix })
}

/** What was thrown: by the parser, by the kernel, or by a mistake of ours, which is shown as it is. */
async function problem(thrown: unknown, id: string, Chosen: CommandClass): Promise<Diagnostic> {
  if (!(thrown instanceof Error)) throw thrown
  if ('diagnostic' in thrown) return thrown.diagnostic as Diagnostic
  if ('oclif' in thrown) {
    const { usageProblem } = await import('./usage.js')
    return usageProblem(thrown, id, Object.keys(Chosen.flags ?? {}))
  }
  if ('operation' in thrown && 'errno' in thrown) {
    const code = thrown.errno === 'EPERM' || thrown.errno === 'EACCES' ? 'not-permitted' : 'kernel-refused'
    const hint = code === 'not-permitted' ? { hint: 'nstopo doctor says what is wanting' } : {}
    return error(code, thrown.message, undefined, hint)
  }
  throw thrown
}

async function refuse(command: string, diagnostic: Diagnostic, argv: readonly string[]): Promise<number> {
  const { finish } = await import('./output.js')
  const ownFailure = ['exec', 'shell', 'run'].includes(command) ? { status: 125 } : {}
  return finish({ command, diagnostics: [diagnostic], ...ownFailure }, { json: wantsJson(argv) })
}
