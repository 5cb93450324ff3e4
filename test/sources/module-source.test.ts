import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { indexed } from '../../src/sources/module-source.ts'

const url = new URL('../fixtures/own-sources.ts', import.meta.url)

describe('indexed()', () => {
  it('takes an object, and a function that gives one', async () => {
    assert.deepEqual([...(await indexed<string>(url))], ['a', 'b', 'c'])
    const squares = await indexed<number>(url, { export: 'squares', args: [4] })
    assert.deepEqual([squares.length, [...squares.slice(1, 3)]], [4, [1, 4]])
  })

  it('says what is wrong before any work starts', async () => {
    await assert.rejects(indexed(url, { export: 'nothing' }), { code: 'ERR_EISENMP_SOURCE', message: /it gives 5/ })
    await assert.rejects(indexed(url, { export: 'gone' }), { code: 'ERR_EISENMP_SOURCE', message: /no such export/ })
    await assert.rejects(indexed(new URL('./gone.ts', url)), { code: 'ERR_EISENMP_SOURCE' })
    await assert.rejects(indexed(url, { args: [() => {}] }), { code: 'ERR_EISENMP_OPTION' })
  })

  it('does not hide that a source gives less than it says', async () => {
    const short = await indexed<number>(url, { export: 'short' })
    assert.throws(() => [...short], /slice\(0, 3\) gave 2 items/)
  })
})
