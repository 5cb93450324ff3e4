import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EisenmpError } from '../../../src/errors.ts'
import { defaultLimits, readLimits } from '../../../src/server/runtime/limits.ts'

describe('readLimits()', () => {
  it('fills in the defaults', () => {
    assert.deepEqual(readLimits('serve', undefined), defaultLimits)
    assert.deepEqual(readLimits('serve', { maxBodyBytes: Infinity }), { ...defaultLimits, maxBodyBytes: Infinity })
    assert.equal(readLimits('serve', { requestTimeoutMs: 0 }).requestTimeoutMs, 0)
  })

  it('refuses what is misspelt or out of range, naming it', () => {
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ maxBodyByte: 1 }, /did you mean 'maxBodyBytes'/],
      [{ maxBodyBytes: -1 }, /'maxBodyBytes' of serve\(\{ limits \}\): it is -1; .*or Infinity/],
      [{ headersTimeoutMs: 0 }, /whole number from 1/],
      [{ maxHeaderBytes: 10 }, /from 1024/],
      [{ maxConnections: '5' }, /"5"/],
    ]
    for (const [given, message] of wrong) {
      assert.throws(
        () => readLimits('serve', given),
        (error: Error) => EisenmpError.is(error, 'ERR_EISENMP_OPTION') && message.test(error.message),
      )
    }
  })
})
