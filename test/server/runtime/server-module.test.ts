import assert from 'node:assert/strict'
import { Server, createServer } from 'node:http'
import { after, describe, it } from 'node:test'
import express from 'express'
import fastify from 'fastify'
import { loadServerModule, makeServer } from '../../../src/server/runtime/server-module.ts'
import type { ServerToolbox } from '../../../src/server/runtime/server-toolbox.ts'
import { Hono } from '../../support/hono.ts'
import { TempFolder } from '../../support/temp-folder.ts'

const toModule = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`
const toolbox = {} as ServerToolbox
const folder = new TempFolder()
after(() => folder.remove())

async function refusalOf(text: string): Promise<string> {
  const error = await loadServerModule(toModule(text)).then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown as Error,
  )
  assert.equal(error.name, 'LoadError')
  return error.message
}

describe('loadServerModule()', () => {
  it('takes a fetch handler as a method of the default export, or by name', async () => {
    for (const text of [
      `export default { word: 'a', fetch() { return this.word } }`,
      `export default new (class { word = 'a'; fetch() { return this.word } })`,
      `export function fetch() { return 'a' }`,
    ]) {
      const loaded = await loadServerModule(toModule(text))
      assert.ok(loaded.kind === 'fetch')
      assert.equal(loaded.fetch(new Request('http://x'), toolbox), 'a')
    }
  })

  it('takes a function that makes a server, also of CommonJS', async () => {
    const path = folder.write('server.cjs', `module.exports = { ['create' + 'Server']: () => 'made' }`)
    for (const url of [
      toModule(`export const createServer = () => 'made'`),
      toModule(`export default function () { return 'made' }`),
      toModule(`export default async () => 'made'`),
      new URL(`file://${path}`).href,
    ]) {
      const loaded = await loadServerModule(url)
      assert.ok(loaded.kind === 'server', url)
      assert.equal(await loaded.create(toolbox), 'made')
    }
  })

  it('says what it found instead', async () => {
    assert.match(await refusalOf(''), /it exports nothing; export default \{ fetch/)
    assert.match(await refusalOf('export const app = 1'), /it exports 'app'; export default/)
    assert.match(await refusalOf('export default 5'), /its default export is 5/)
    assert.match(
      await refusalOf(`import http from 'node:http'; export default http.createServer()`),
      /is a server; .*own/,
    )
    assert.match(await refusalOf('oops('), /SyntaxError/)
    assert.match(await refusalOf(`throw new Error('no database')`), /no database/)
  })

  it('knows applications that are no servers', async () => {
    const shapes = {
      'an Express application; export function createServer': `Object.assign(() => {}, { use() {}, handle() {}, listen() {} })`,
      'a Koa application; export function createServer': `({ use() {}, callback() {}, listen() {} })`,
    }
    for (const [message, text] of Object.entries(shapes)) {
      assert.ok((await refusalOf(`export default ${text}`)).includes(message))
    }
  })
})

describe('makeServer()', () => {
  const make = (made: unknown): Promise<unknown> => makeServer(() => made, toolbox, 'file:///shop.ts')

  it('gives a server that does not listen', async () => {
    const server = createServer()
    assert.equal(await make(server), server)
    assert.equal(await make(Promise.resolve(server)), server)
    assert.ok((await make(new Server())) instanceof Server)
    assert.equal(await make(null), undefined)
  })

  it('says how to mend what is none', async () => {
    await assert.rejects(make(undefined), /returned undefined; return an http.* or null for none/)
    await assert.rejects(make(express()), /returned an Express application; .*http\.createServer\(app\)/)
    await assert.rejects(make(fastify()), /returned a Fastify instance; .*return app\.server/)
    await assert.rejects(make(new Hono()), /returned an object; return an http/)
    const listening = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => listening.once('listening', resolve))
    await assert.rejects(make(listening), /listens already; do not call listen\(\)/)
    assert.ok(!listening.listening)
  })
})
