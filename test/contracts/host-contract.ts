import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { HostKind } from '../../src/server/host.ts'
import { Hosted, createSpec } from '../support/hosted.ts'

/** What holds for every kind of worker that runs a module. */
export function describeHosts(create: () => HostKind): void {
  const kind = create()
  after(() => kind.close())

  it('serves, drains and goes', async () => {
    const hosted = new Hosted(kind)
    const { ports } = await hosted.next('ready')
    const answer = await fetch(`http://127.0.0.1:${ports[0]}/hello`, { headers: { connection: 'close' } })
    assert.equal(await answer.text(), 'hello')
    hosted.host.send({ kind: 'drain' })
    const { code, signal } = await hosted.gone
    assert.deepEqual([code, signal], [0, null])
    assert.ok(hosted.messages.some((message) => message.kind === 'drained'))
    // It hears nothing any more.
    hosted.host.send({ kind: 'drain' })
    hosted.host.end()
  })

  it('tells why it cannot start, and goes', async () => {
    const module = { url: new URL('../fixtures/throw-at-import.worker.ts', import.meta.url).href, export: 'default' }
    const hosted = new Hosted(kind, createSpec({ module }))
    await hosted.next('failed')
    assert.equal((await hosted.gone).code, 1)
  })

  it('is ended at once, also in a loop', async () => {
    const hosted = new Hosted(kind)
    const { ports } = await hosted.next('ready')
    const answer = fetch(`http://127.0.0.1:${ports[0]}/block`)
    await assert.rejects(
      Promise.all([answer, new Promise((resolve) => setImmediate(resolve)).then(() => hosted.host.end())]),
    )
    assert.match((await hosted.gone).reason, /SIGKILL|exited with code 1/)
  })

  it('passes on what it prints, in order and to the last byte', async () => {
    const hosted = new Hosted(kind)
    const { ports } = await hosted.next('ready')
    await (await fetch(`http://127.0.0.1:${ports[0]}/print`, { headers: { connection: 'close' } })).text()
    hosted.host.send({ kind: 'drain' })
    await hosted.gone
    assert.match(hosted.output, /logged\n/)
    assert.ok(hosted.messages.some((message) => message.kind === 'print' && message.text === 'printed'))
  })

  it('gives its environment, and no other', async () => {
    const url = new URL('../fixtures/servers/environment.server.ts', import.meta.url).href
    const spec = createSpec({ module: { url, export: 'default' } })
    const hosted = new Hosted(kind, spec, { fds: [], env: { SHOP: 'open', PATH: process.env['PATH']! } })
    const { ports } = await hosted.next('ready')
    const answer = await fetch(`http://127.0.0.1:${ports[0]}/`, { headers: { connection: 'close' } })
    assert.deepEqual(await answer.json(), { SHOP: 'open' })
    hosted.host.end()
    await hosted.gone
  })
}
