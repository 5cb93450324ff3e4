import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { findDriver } from '../../src/tools/find-driver.ts'

describe('findDriver()', () => {
  it('finds the package from any of the places', () => {
    const nowhere = pathToFileURL('/nowhere/').href
    assert.equal(findDriver([nowhere, import.meta.url]), findDriver())
  })

  it('says how to install it', () => {
    const message = /package 'lmdb': it is not installed; run: npm install lmdb, or use backend: 'threads'/
    assert.throws(() => findDriver([pathToFileURL('/nowhere/').href]), { code: 'ERR_EISENMP_TOOL', message })
  })
})
