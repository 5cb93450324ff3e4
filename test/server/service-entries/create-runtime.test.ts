import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createProcessHosts } from '../../../src/server/hosts/process-host.ts'
import { Hosted, createSpec } from '../../support/hosted.ts'

describe('startRuntime()', () => {
  it('keeps what comes before the module is loaded', async () => {
    const kind = createProcessHosts()
    const hosted = new Hosted(kind)
    hosted.host.send({ kind: 'drain' })
    assert.equal((await hosted.gone).code, 0)
    await kind.close()
  })

  it('leaves uncaught errors to a handler that the module has', async () => {
    const kind = createProcessHosts()
    const url = new URL('../../fixtures/servers/own-handler.server.ts', import.meta.url).href
    const hosted = new Hosted(kind, createSpec({ module: { url, export: 'default' } }))
    const { ports } = await hosted.next('ready')
    const ask = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${ports[0]}/`, { headers: { connection: 'close' } })).text()
    assert.equal(await ask(), '0 errors')
    assert.equal(await ask(), '1 errors')
    hosted.host.end()
    await hosted.gone
    await kind.close()
  })
})
