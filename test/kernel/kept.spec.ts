import assert from 'node:assert/strict'
import { fstatSync, openSync } from 'node:fs'
import { kept } from '../../src/kernel/kept.js'

const isOpen = (descriptor: number) => {
  try {
    return fstatSync(descriptor) !== undefined
  } catch {
    return false
  }
}

describe('kept descriptors', () => {
  it('are opened once, and the one that was not asked for longest is closed', () => {
    const opened: string[] = []
    const store = kept(3, name => {
      opened.push(name)
      return openSync('/dev/null', 'r')
    })
    const [a, b, c] = ['a', 'b', 'c'].map(name => store.get(name)) as [number, number, number]
    assert.equal(store.get('a'), a)
    store.get('d')
    assert.deepEqual([a, c].map(isOpen), [true, true])
    assert.deepEqual(opened, ['a', 'b', 'c', 'd'])
    assert.notEqual(store.get('b'), a)
    assert.deepEqual(opened, ['a', 'b', 'c', 'd', 'b'])
    assert.ok(b >= 0)
    store.forget('a')
    assert.equal(isOpen(a), false)
    store.clear()
    assert.notEqual(store.get('d'), undefined)
    assert.equal(opened.at(-1), 'd')
    store.clear()
  })
})
