import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { fstatSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { errnoName } from '../../native/errno.js'
import * as libc from '../../native/libc.js'

describe('libc', () => {
  it('returns results, and errno as a negative number', () => {
    const fd = libc.open('/proc/self/status', 0, 0)
    assert.equal(fstatSync(fd).ino, statSync('/proc/self/status').ino)
    assert.equal(libc.close(fd), 0)
    assert.equal(libc.open('/nowhere/at/all', 0, 0), -constants.errno.ENOENT)
    assert.equal(libc.close(fd), -constants.errno.EBADF)
  })

  it('reaches system calls by number', () => {
    const pidfd = libc.pidfdOpen(process.pid, 0)
    assert.equal(libc.pidfdSendSignal(pidfd, 0, null, 0), 0)
    libc.close(pidfd)
    assert.equal(libc.pidfdOpen(0, 0), -constants.errno.EINVAL)
  })

  it('names an errno and gives its words', () => {
    assert.deepEqual([errnoName(17), libc.strerror(17)], ['EEXIST', 'File exists'])
    assert.deepEqual([errnoName(11), errnoName(95), errnoName(108)], ['EAGAIN', 'EOPNOTSUPP', 'ESHUTDOWN'])
    assert.equal(errnoName(4711), 'errno 4711')
  })

  it('loads koffi only when something is called', () => {
    const script = `await import('./native/libc.ts'); console.log(Object.keys(process.report.getReport().sharedObjects).length,
      process.report.getReport().sharedObjects.some(o => o.includes('koffi')))`
    const out = execFileSync('node', ['--import', 'tsx', '--input-type=module', '-e', script], { encoding: 'utf8' })
    assert.match(out, /^\d+ false$/m)
  })
})
