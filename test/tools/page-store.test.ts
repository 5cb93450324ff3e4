import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { findDriver } from '../../src/tools/find-driver.ts'
import { PAGE_BYTES, PageStore, loadDriver, storeOptions } from '../../src/tools/page-store.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
after(() => folder.remove())

describe('PageStore', () => {
  const driver = findDriver()

  it('reads what was written, page for page', async () => {
    const path = `${folder.path}/pages.mdb`
    const writer = loadDriver(driver).open({ ...storeOptions, path })
    writer.transactionSync(() => {
      for (let key = 0; key < 100; key++) writer.putSync(key, Buffer.alloc(PAGE_BYTES, key), { append: true })
    })
    await writer.close()
    const stores = [new PageStore({ path, driver }), new PageStore({ path, driver })]
    for (const store of stores) {
      const page = store.read(99)!
      assert.deepEqual([page.length, page[0], page[PAGE_BYTES - 1]], [PAGE_BYTES, 99, 99])
      assert.equal(store.read(100), undefined)
    }
    for (const store of stores) await store.close()
  })

  it('makes no file that is not there', () => {
    assert.throws(() => new PageStore({ path: `${folder.path}/nowhere.mdb`, driver }))
  })
})
