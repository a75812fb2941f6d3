import assert from 'node:assert/strict'
import { closeSync, fstatSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeNamespacesAhead, type NamespacesAhead } from '../../src/kernel/namespaces-ahead.js'

const script = fileURLToPath(new URL('../../dist/namespaces-thread.cjs', import.meta.url))
const inode = (fd: number) => fstatSync(fd).ino

/** How many descriptors of this process are of namespaces. */
function openNamespaces(): number {
  const { dev } = statSync('/proc/self/ns/net')
  const isNamespace = (fd: string) => {
    try {
      return fstatSync(Number(fd)).dev === dev
    } catch {
      return false
    }
  }
  return readdirSync('/proc/self/fd').filter(isNamespace).length
}

/** The thread is given time, as much as it needs. */
async function takeAll(ahead: NamespacesAhead, count: number): Promise<readonly number[]> {
  const taken: number[] = []
  while (taken.length < count) {
    const fd = ahead.take()
    if (fd === undefined) await setTimeout(1)
    else taken.push(fd)
  }
  return taken
}

describe('namespaces made ahead', () => {
  before(function () {
    // On one processor there is no second thread.
    if (availableParallelism() < 2) this.skip()
  })

  it('are new, each another, and nobody else’s', async () => {
    const ahead = makeNamespacesAhead(100_000, script)!
    const taken = await takeAll(ahead, 200)
    ahead.stop()
    assert.equal(new Set([...taken.map(inode), statSync('/proc/self/ns/net').ino]).size, 201)
    taken.forEach(fd => void closeSync(fd))
  })

  it('are gone when nobody takes them', async () => {
    // Other tests of this process may hold some.
    const before = openNamespaces()
    const ahead = makeNamespacesAhead(100_000, script)!
    closeSync((await takeAll(ahead, 1))[0]!)
    ahead.stop()
    while (openNamespaces() > before) await setTimeout(1)
  })

  it('are not begun for few nodes, nor where the program is not built', () => {
    const before = openNamespaces()
    assert.equal(makeNamespacesAhead(99, script), undefined)
    assert.equal(makeNamespacesAhead(1000), undefined)
    // Threads of other tests may just be ending.
    assert.ok(openNamespaces() <= before)
  })
})
