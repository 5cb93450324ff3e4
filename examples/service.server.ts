// The server: a handler of web standards, and a pool that lives as long as its worker.
import { createPool, range } from 'eisenmp'
import type { ServerToolbox } from 'eisenmp/server'
import type * as Primes from './primes.worker.ts'
import { createServer as createHttpServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export async function createServer(toolbox: ServerToolbox<{ poolWorkers: number }>): Promise<Server> {
  const pool = await createPool<typeof Primes>({
    modules: new URL('./primes.worker.ts', import.meta.url),
    workers: toolbox.config.poolWorkers,
  })
  // Requests in flight end first; then the pool has nothing to do any more.
  toolbox.signal.addEventListener('abort', () => void pool.close())

  return createHttpServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const below = Number(searchParams.get('below') ?? 1000)
    if (pathname !== '/primes' || !Number.isSafeInteger(below) || below < 0 || below > 1e9) {
      response.writeHead(404).end('try /primes?below=1000\n')
      return
    }
    const primes = pool.from(range(0, below)).filter('isPrime')
    const lines = Readable.from(primes).map((prime: number) => `${prime}\n`)
    response.writeHead(200, { 'content-type': 'text/plain' })
    // A client that goes away destroys the response, and with it the stream: the workers stop.
    pipeline(lines, response).catch(() => {})
  })
}
