import { equal } from 'node:assert/strict'
import { user } from '../../src/kernel/user.js'

describe('the user', () => {
  it('is who he is outside of his user namespace', () => {
    const map = '         0       4711          1\n         1     200000      65536\n'
    equal(user(map, 0), 4711)
    equal(user(map, 33), 200032)
  })

  it('is himself on the machine, and where nothing is known', () => {
    equal(user('         0          0 4294967295\n', 1000), 1000)
    equal(user('', 1000), 1000)
  })
})
