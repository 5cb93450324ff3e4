// How do servers on every core share a database? One port, one worker for each core, one SQLite file: it is created once,
// before any worker starts, and each worker opens it for itself.
//   node examples/shop.ts            serves until Ctrl-C
//   node examples/shop.ts --quick    places 60 orders and ends
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from 'eisenmp/server'
import { runProgram } from './lib/program.ts'
import type { JobOptions } from './lib/job-options.ts'
import { serveUntil } from './lib/serve-until.ts'
import { createDatabase } from './lib/database.ts'

const ORDERS = 60

async function placeOrders(url: string): Promise<string> {
  const order = (goods: string): Promise<Response> => fetch(`${url}/orders`, { method: 'POST', body: goods })
  await Promise.all(Array.from({ length: ORDERS }, (_, i) => order(i % 2 === 0 ? 'tea' : 'coffee')))
  const { orders, workers } = (await (await fetch(`${url}/orders`)).json()) as { orders: number; workers: string[] }
  console.log(`written by ${workers.join(', ')}`)
  return `${orders} orders in one database`
}

async function runShop({ quick, workers }: JobOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'))
  const database = join(folder, 'shop.sqlite')
  try {
    const servers = await serve({
      module: new URL('./shop.server.ts', import.meta.url),
      workers,
      config: { database },
      prepare: () =>
        createDatabase(database, 'orders (id INTEGER PRIMARY KEY, goods TEXT NOT NULL, worker TEXT NOT NULL)'),
      port: quick ? 0 : 3000,
      onPortBusy: 'next',
    })
    const tryIt = `curl -d tea ${servers.url}/orders; curl ${servers.url}/orders`
    return await serveUntil(servers, { quick, tryIt }, () => placeOrders(servers.url))
  } finally {
    await rm(folder, { recursive: true })
  }
}

await runProgram({
  summary: 'A server on each core, with one SQLite database.',
  flags: ['quick', 'workers', 'help'],
  run: runShop,
})
