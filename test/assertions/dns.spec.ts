import assert from 'node:assert/strict'
import fc from 'fast-check'
import { questionFor, readAnswer } from '../../src/assertions/dns.js'

/** An answer to a question: its header and question, and records behind it, each with a pointer to the name. */
function answer(code: number, ...records: readonly (readonly [type: number, data: readonly number[]])[]): Buffer {
  const question = questionFor('web.example', 1)
  question[3] = code
  question.writeUInt16BE(records.length, 6)
  const rows = records.map(([type, data]) => [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data])
  return Buffer.concat([question, ...rows.map(row => Buffer.from(row))])
}

describe('assertions: dns', () => {
  it('asks as RFC 1035 has it', () =>
    assert.equal(
      questionFor('web.example.', 28).toString('hex', 2),
      '010000010000000000000377656207' + '6578616d706c6500' + '001c0001',
    ))

  it('reads addresses among other records', () => {
    const mixed = answer(0, [5, [0]], [1, [10, 0, 0, 1]], [28, [...new Array(15).fill(0), 1]], [1, [10, 0, 0, 2]])
    assert.deepEqual(readAnswer(mixed, 1), ['10.0.0.1', '10.0.0.2'])
    assert.deepEqual(readAnswer(mixed, 28), ['::1'])
    assert.equal(readAnswer(answer(3), 1), 'NXDOMAIN')
  })

  it('takes any bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(90), (bytes, cut) => {
        readAnswer(Buffer.from(bytes), 1)
        const bent = answer(0, [1, [10, 0, 0, 1]], [1, [10, 0, 0, 2]])
        bent.set(bytes.slice(0, 8), Math.min(cut, bent.length - 8))
        readAnswer(bent.subarray(0, cut), 1)
      }),
    ))
})
