import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { defaultLimits } from '../../../src/server/runtime/limits.ts'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startServer } from '../../support/runtime-place.ts'
import { waitUntil } from '../../support/wait-until.ts'

afterEach(endAll)

const limits = { ...defaultLimits, maxConnections: 2 }

describe('maxConnections', () => {
  it('is told in HTTP, and room is made by those who leave', async () => {
    const place = await startServer(() => createServer((_, response) => response.end('hello')), { limits })
    const held = [await RawClient.open(place.port), await RawClient.open(place.port)]
    for (const client of held) client.get('/')
    await Promise.all(held.map((client) => client.waitFor('hello')))
    const refused = await RawClient.open(place.port)
    refused.get('/')
    await refused.waitForEnd()
    assert.match(refused.text, /^HTTP\/1\.1 503[^]*Retry-After: 1/)
    held[0]!.socket.destroy()
    let answer = ''
    await waitUntil(() => answer === '' || answer.includes('503'), 'first')
    for (let tries = 0; tries < 100 && !answer.includes('hello'); tries++) {
      const next = await RawClient.open(place.port)
      next.get('/', 'Connection: close\r\n')
      await next.waitForEnd()
      answer = next.text
    }
    assert.match(answer, /hello/)
  })

  it('closes the door of other servers', async () => {
    const place = await startServer(() => createNetServer((socket) => socket.write('welcome')), { limits })
    const held = [await RawClient.open(place.port), await RawClient.open(place.port)]
    await Promise.all(held.map((client) => client.waitFor('welcome')))
    const refused = await RawClient.open(place.port)
    await refused.waitForEnd()
    assert.equal(refused.text, '')
    for (const client of held) client.socket.destroy()
  })
})
