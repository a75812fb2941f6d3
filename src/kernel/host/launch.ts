/** Steps in; done by the program dist/init, or the words to start it by, out. */
import { errnoName } from '../../../native/errno.js'
import { strerror } from '../../../native/libc.js'
import { builtFile } from '../built.js'
import { codeOf } from '../errors.js'
import { SystemError } from '../kernel.js'
import { type Step, words } from './steps.js'

export const initProgram = (): string => builtFile('init')

/** What is to be executed: this program, told the steps, and what it then becomes. */
export function launcher(steps: readonly Step[], command: readonly string[] = []): readonly [string, ...string[]] {
  return [initProgram(), ...words(steps), ...(command.length > 0 ? ['--', ...command] : [])]
}

/** Does the steps in a process of their own and waits for it; what it prints comes out. @throws SystemError of the step that was refused */
export function runSteps(steps: readonly Step[], command: readonly string[] = []): string {
  const [program, ...rest] = launcher(steps, command)
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { error, status, signal, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', cwd: '/', env: {} })
  if (error) throw notStarted(program, codeOf(error) ?? '', error.message)
  if (status !== 0)
    throw refusalIn(stderr) ?? new SystemError(`run ${program}`, '', stderr.trim() || `${status ?? signal}`)
  return stdout
}

/** Where the package has been built elsewhere, its sources are beside it. */
function notStarted(program: string, errno: string, text: string): SystemError {
  const make = 'cc -O2 -static -o dist/init native/init/*.c, in the folder of nstopo, makes one that fits'
  const why = { ENOEXEC: 'it is built for another kind of processor', ENOENT: 'it is not there' }[errno]
  return new SystemError(`run ${program}`, errno, why ? `${why}: ${make}` : text)
}

/** What the program says of a step that was refused: `nstopo: make a mount namespace: Operation not permitted [1]`. */
export function refusalIn(text: string): SystemError | undefined {
  const [, operation, errno] = /^nstopo: (.*): [^:]* \[(\d+)\]$/m.exec(text) ?? []
  if (operation === undefined) return undefined
  return new SystemError(operation, errnoName(Number(errno)), strerror(Number(errno)))
}
