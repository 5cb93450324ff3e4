import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startFetch } from '../../support/runtime-place.ts'
import { waitUntil, within } from '../../support/wait-until.ts'

afterEach(endAll)

describe('a fetch handler', () => {
  it('gets the whole request, and the toolbox', async () => {
    const place = await startFetch(async (request, { worker, group }) => {
      const { pathname, searchParams } = new URL(request.url)
      const body = (await request.json()) as { readonly n: number }
      return Response.json([
        request.method,
        pathname,
        searchParams.get('q'),
        request.headers.get('x-a'),
        body.n,
        worker.name,
        group,
      ])
    })
    const response = await fetch(`${place.url}/a%20b?q=1`, { method: 'PUT', body: '{"n":5}', headers: { 'x-a': 'z' } })
    assert.deepEqual(await response.json(), ['PUT', '/a%20b', '1', 'z', 5, 'red-0', 'red'])
  })

  it('answers 500 without a word of what it threw, which is in the log', async () => {
    const place = await startFetch((request) => {
      if (request.url.endsWith('/sync')) throw new Error('secret one')
      return Promise.reject(new TypeError('secret two'))
    })
    for (const path of ['/sync', '/async']) {
      const response = await fetch(place.url + path)
      assert.equal(response.status, 500)
      assert.equal(await response.text(), 'Internal Server Error\n')
    }
    assert.match(place.log, /error Error: secret one\n +at [^]*error TypeError: secret two/)
  })

  it('is told when it returns something else', async () => {
    const place = await startFetch(() => undefined)
    assert.equal((await fetch(place.url)).status, 500)
    assert.match(place.log, /fetch\(\) must return a Response; it returned undefined/)
  })

  it('learns that the client has left', async () => {
    let signal: AbortSignal | undefined
    const place = await startFetch((request) => {
      signal = request.signal
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
    })
    const client = await RawClient.open(place.port)
    client.get('/')
    await waitUntil(() => signal !== undefined, 'the request has come')
    assert.ok(!signal!.aborted)
    client.socket.destroy()
    await waitUntil(() => signal!.aborted, 'the signal')
    await waitUntil(() => place.log === '', 'nothing is logged')
  })

  it('streams no faster than the client reads', async () => {
    const chunk = new Uint8Array(64 * 1024)
    let pulled = 0
    const isCancelled = Promise.withResolvers<void>()
    const place = await startFetch(() => {
      const body = new ReadableStream({
        pull(controller) {
          pulled += 1
          controller.enqueue(chunk)
        },
        cancel: () => isCancelled.resolve(),
      })
      return new Response(body)
    })
    const client = await RawClient.open(place.port)
    client.socket.pause()
    client.get('/')
    let before = -1
    // Until a look finds it standing.
    await waitUntil(() => {
      const isStanding = pulled > 0 && pulled === before
      before = pulled
      return isStanding
    }, 'it stands')
    assert.ok(pulled < 1000, `${pulled} chunks`)
    client.socket.destroy()
    await within(isCancelled.promise, 'the stream is cancelled')
  })

  it('answers HEAD without a body', async () => {
    const place = await startFetch(() => new Response('a body', { headers: { 'x-a': '1' } }))
    const response = await fetch(place.url, { method: 'HEAD' })
    assert.equal(response.headers.get('x-a'), '1')
    assert.equal(await response.text(), '')
  })

  it('drains: a stream under way comes to its end', async () => {
    const gate = Promise.withResolvers<void>()
    const place = await startFetch(() => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('begun '))
          await gate.promise
          controller.enqueue(new TextEncoder().encode('done'))
          controller.close()
        },
      })
      return new Response(body)
    })
    const response = await fetch(place.url)
    const drained = place.drain()
    gate.resolve()
    assert.equal(await response.text(), 'begun done')
    assert.equal((await drained).cutRequests, 0)
  })
})
