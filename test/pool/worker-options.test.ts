import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { envRule, readEnv, readResourceLimits } from '../../src/pool/worker-options.ts'

describe('options of workers', () => {
  it('leave out variables that are undefined', () => {
    assert.deepEqual(readEnv({ A: '1', B: undefined }), { A: '1' })
    assert.equal(readEnv(undefined), undefined)
    assert.ok(envRule.accepts({ A: '1', B: undefined }) && !envRule.accepts({ A: 1 }))
  })

  it('refuse limits with which the whole program could end', () => {
    assert.deepEqual({ ...readResourceLimits('serve', { maxOldGenerationSizeMb: 64 }) }, { maxOldGenerationSizeMb: 64 })
    assert.throws(() => readResourceLimits('serve', { maxOldGenerationSizeMb: 4 }), {
      code: 'ERR_EISENMP_OPTION',
      message: /'maxOldGenerationSizeMb' of serve\(\{ resourceLimits \}\): it is 4; it must be at least 16 MB/,
    })
  })
})
