/** Signals in; passed on to a command that runs beside us, but for those that it gets by itself (tty_ioctl(4), proc_pid_stat(5)). */
import { readFileSync } from 'node:fs'

const names = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
const typed: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT'])

/** Until it is called, what comes back passes signals on. */
export function passOn(to: (name: NodeJS.Signals) => void): () => void {
  const pass = (name: NodeJS.Signals) => {
    if (!typed.has(name) || !isInForeground()) to(name)
  }
  for (const name of names) process.on(name, pass)
  return () => names.forEach(name => void process.off(name, pass))
}

/** Whether our process group is a terminal's foreground one: what is typed there reaches the command as it reaches us. */
function isInForeground(): boolean {
  const text = readFileSync('/proc/self/stat', 'latin1')
  const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return group === foreground
}
