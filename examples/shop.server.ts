// One worker of the shop: an ordinary node:http server.
import { type Server, createServer as createHttpServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { ServerToolbox } from 'eisenmp/server'
import { openDatabase } from './lib/database.ts'

export function createServer(toolbox: ServerToolbox<{ database: string }>): Server {
  const database = openDatabase(toolbox.config.database)
  const add = database.prepare('INSERT INTO orders (goods, worker) VALUES (?, ?)')
  const count = database.prepare('SELECT count(*) AS orders FROM orders')
  const list = database.prepare('SELECT DISTINCT worker FROM orders ORDER BY worker')
  return createHttpServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
    }
    if (request.url !== '/orders') return answer(404, { error: 'try /orders' })
    if (request.method !== 'POST') {
      return answer(200, { ...count.get(), workers: list.all().map(({ worker }) => worker) })
    }
    text(request).then(
      (goods) => {
        add.run(goods, toolbox.worker.name)
        answer(201, { ordered: goods, worker: toolbox.worker.name })
      },
      () => response.destroy(),
    )
  })
}
