import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { copyConfig } from '../../src/pool/copy-config.ts'

describe('copyConfig()', () => {
  it('copies data, so that later changes do not reach workers', () => {
    const config = { db: { file: 'shop.sqlite' } }
    const copy = copyConfig(config, true) as typeof config
    config.db.file = 'other.sqlite'
    assert.equal(copy.db.file, 'shop.sqlite')
  })

  it('names the path of what cannot be copied', () => {
    const config = { db: { open: () => {} } }
    assert.throws(() => copyConfig(config, false), { code: 'ERR_EISENMP_CLONE', message: /config\.db\.open/ })
  })
})
