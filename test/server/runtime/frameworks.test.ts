import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { afterEach, describe, it } from 'node:test'
import express from 'express'
import fastify from 'fastify'
import { Hono, type HonoApp, createAdaptorServer } from '../../support/hono.ts'
import { RawClient } from '../../support/raw-client.ts'
import { type RuntimePlace, endAll, startFetch, startServer } from '../../support/runtime-place.ts'
import { waitUntil } from '../../support/wait-until.ts'

afterEach(endAll)

const state = { asked: 0, gate: Promise.withResolvers<void>() }

async function hold(): Promise<void> {
  state.asked += 1
  await state.gate.promise
}

const makers: Readonly<Record<string, () => Promise<RuntimePlace>>> = {
  Express: () =>
    startServer(() => {
      const app = express()
      app.get('/late', (_, response) => void hold().then(() => response.send('late')))
      app.post('/echo', express.text({ limit: '10mb' }), (request, response) => void response.send(request.body))
      return createServer(app)
    }),
  Fastify: () =>
    startServer(async () => {
      const app = fastify({ bodyLimit: 10_000_000 })
      app.get('/late', async () => {
        await hold()
        return 'late'
      })
      app.post('/echo', (request, reply) => reply.send(request.body))
      await app.ready()
      return app.server
    }),
  'Hono by fetch': () => {
    const app = makeHono()
    return startFetch((request, toolbox) => app.fetch(request, { toolbox }))
  },
  'Hono by its own adapter': () => startServer(() => createAdaptorServer({ fetch: makeHono().fetch })),
}

function makeHono(): HonoApp {
  return new Hono()
    .get('/late', async (context) => {
      await hold()
      return context.text('late')
    })
    .post('/echo', async (context) => context.text(await context.req.text()))
}

describe('a server written by others', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`${name}: answers, takes uploads, and ends what is in flight`, async () => {
      Object.assign(state, { asked: 0, gate: Promise.withResolvers<void>() })
      const place = await make()
      const body = 'x'.repeat(1_000_000)
      const echo = await fetch(`${place.url}/echo`, { method: 'POST', body, headers: { 'content-type': 'text/plain' } })
      assert.equal(await echo.text(), body)
      const [late, idle] = [await RawClient.open(place.port), await RawClient.open(place.port)]
      late.get('/late')
      await waitUntil(() => state.asked === 1, 'it is in flight')
      idle.get('/none')
      await idle.waitFor(/404/)
      const drained = place.drain()
      idle.get('/none')
      await idle.waitForEnd()
      assert.match(idle.text, /404[^]*connection: close/i)
      state.gate.resolve()
      await late.waitForEnd()
      assert.match(late.text, /connection: close[^]*late/i)
      assert.equal((await drained).cutRequests, 0)
      assert.equal(place.exitCode, 0)
    })
  }
})
