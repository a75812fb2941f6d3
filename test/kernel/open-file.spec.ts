import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, constants, mkdtempSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SystemError } from '../../src/kernel/kernel.js'
import { openFile } from '../../src/kernel/open-file.js'

/** A view of its own on a tmpfs, with links that would lead out of it. */
const view = `
mount -t tmpfs none "$1" && cd "$1" && mkdir etc inner usr proc && echo own >etc/hosts
ln -s /etc/hosts absolute; ln -s ../../../../etc/hosts upwards; ln -s /proc/self/root/etc/hosts magic
for name in bin lib lib64 sbin; do [ ! -L "/$name" ] || cp -P "/$name" .; done
mount --rbind /usr usr; mount -t proc none proc
exec chroot "$1" sleep 600`

const text = (pid: number | undefined, path: string) => {
  const descriptor = openFile(() => pid, path, constants.O_RDONLY)
  try {
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}
const errno = (name: string) => (thrown: unknown) => thrown instanceof SystemError && thrown.errno === name

describe('a file of a node’s own view', () => {
  it('is found there, and no link leads out of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nstopo-view-'))
    const child = spawn('unshare', ['--mount', 'sh', '-ec', view, 'sh', folder], { stdio: 'inherit' })
    const pid = child.pid!
    try {
      while (readlinkSync(`/proc/${pid}/exe`).match(/sleep|coreutils|busybox/) === null) await sleep(10)
      for (const path of ['/etc/hosts', 'etc/hosts', '/absolute', '/upwards', '/../../etc/hosts', '/inner/../absolute'])
        assert.equal(text(pid, path), 'own\n', path)
      assert.throws(() => text(pid, '/magic'), errno('EXDEV'))
      assert.throws(() => text(pid, '/nothing'), errno('ENOENT'))
      assert.equal(text(undefined, '/etc/hosts'), readFileSync('/etc/hosts', 'utf8'))
    } finally {
      child.kill('SIGKILL')
      rmdirSync(folder)
    }
  })

  it('is not looked for in a process that took the number over', () => {
    const answers = [process.pid, undefined]
    assert.throws(() => openFile(() => answers.shift(), '/etc/hosts', constants.O_RDONLY), errno('ESRCH'))
  })
})
