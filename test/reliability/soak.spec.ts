/** A share of what `npm run reliability:soak` does: after many labs, what was held is held, and no more. */
import { strict as assert } from 'node:assert'
import { driven } from './driver.js'
import { growth } from './soak/growth.js'

describe('up and down again and again', () => {
  it('leaves mounts, namespaces, slabs, inodes and descriptors as they were', () => {
    assert.match(driven('soak', '--cycles', '15'), /^mounts +(\d+) +\1$/m)
  })

  it('what grows is told', () => {
    const before = { mounts: 20, 'slab net_namespace': 10, 'heap, bytes': 1000 }
    assert.deepEqual(growth(before, before, 100), [])
    assert.deepEqual(growth(before, { ...before, mounts: 21 }, 100), ['mounts: 20 before, 21 after 100 cycles'])
    const leaking = { ...before, 'slab net_namespace': 10 + 100 }
    assert.deepEqual(growth(before, leaking, 100), ['slab net_namespace: 10 before, 110 after 100 cycles'])
  })
})
