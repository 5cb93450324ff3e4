import { request } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request on a connection of its own: who has answered, or `undefined`. */
export async function askWho(port: number, path = '/'): Promise<string | undefined> {
  const answered = Promise.withResolvers<string | undefined>()
  const asking = request({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
    response.resume().on('end', () => answered.resolve(response.headers['x-worker'] as string | undefined))
    response.on('error', () => answered.resolve(undefined))
  })
  asking.on('timeout', () => asking.destroy())
  asking.on('error', () => answered.resolve(undefined))
  asking.end()
  return answered.promise
}

/** Asks until two workers, or as many as are said, have answered. */
export async function findWorkers(port: number, count = 2): Promise<string[]> {
  const found = new Set<string>()
  for (const endsAt = performance.now() + 30_000; performance.now() < endsAt;) {
    const worker = await askWho(port)
    if (worker === undefined) await sleep(2)
    else found.add(worker)
    if (found.size === count) return [...found]
  }
  throw new Error(`There are no ${count} workers on port ${port}: ${[...found].join(', ')}`)
}

export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
