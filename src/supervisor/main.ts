/** The program dist/supervisor.cjs: a lab's folder on the command line in; the lab's processes held, until none is left, out. */
import { closeSync, readdirSync, statSync } from 'node:fs'
import { F_GETFD } from '../../native/constants.js'
import { close, fcntl } from '../../native/libc.js'
import { tryLock } from '../kernel/flock.js'
import { identify } from '../kernel/host/identity.js'
import { supervisorFolder } from '../kernel/host/journal.js'
import { identityName, lockName, readyDescriptor } from '../kernel/host/supervisor.js'
import { replaceFile } from '../kernel/safe.js'
import { Lab } from './lab.js'
import { usual } from './pace.js'
import { type Listening, listen } from './server.js'
import { worldOf } from './world.js'

/** Milliseconds between two looks whether the lab still stands. */
const between = 1000
/** Milliseconds that who has started it has to call. */
const patience = 5000

const [folder = '', first] = process.argv.slice(2)
void main(supervisorFolder(folder))

async function main(own: string): Promise<void> {
  letGo()
  // There is one already.
  if (tryLock(`${own}/${lockName}`) === undefined) process.exit()
  process.umask(0o022)
  replaceFile(`${own}/${identityName}`, JSON.stringify(identify(process.pid)))
  const lab = new Lab(folder, worldOf(folder, first === undefined ? usual : { ...usual, first: Number(first) }, rest))
  lab.recover()
  let expected = true
  let listening: Listening | undefined = await listen(folder, lab, () => {
    expected = false
    rest()
  })
  closeSync(readyDescriptor)
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('SIGTERM', end)
  whenGone(own, end)
  setTimeout(() => {
    expected = false
    rest()
  }, patience)

  /** Ends when there is nothing to do, and nobody to tell of it: whoever has orders later starts another one. */
  function rest(): void {
    setImmediate(() => {
      if (listening && !expected && !listening.isBusy && !lab.isBusy) process.exit()
    })
  }

  async function end(): Promise<void> {
    listening?.close()
    listening = undefined
    await lab.stopAll()
    process.exit()
  }
}

/** Whatever the caller had open besides: our own descriptors are all to be closed by who executes another program. */
function letGo(): void {
  for (const fd of readdirSync('/proc/self/fd').map(Number))
    if (fd > readyDescriptor && fcntl(fd, F_GETFD, 0) === 0) close(fd)
}

/** Nobody tells that a lab's folder was unmounted. */
function whenGone(path: string, tell: () => void): void {
  const { dev, ino } = statSync(path)
  setInterval(() => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.dev !== dev || found.ino !== ino) tell()
  }, between)
}
