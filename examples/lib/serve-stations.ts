import { once } from 'node:events'
import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Radio stations of this machine, at `url` and the name. */
export type Stations = { url: string; close(): Promise<void> }

const FRAME_BYTES = 400
const EVERY_MS = 10

/** Sends frames that tell their station and number, until the listener leaves. */
function play(name: string, response: ServerResponse): void {
  let frame = 0
  const timer = setInterval(() => {
    frame += 1
    response.write(`${name} ${frame}`.padEnd(FRAME_BYTES - 1) + '\n')
  }, EVERY_MS)
  response.on('close', () => clearInterval(timer))
}

/** Serves streams without end over http, on a free port of this machine. */
export async function serveStations(names: readonly string[]): Promise<Stations> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1))
    if (!names.includes(name)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'audio/mpeg' })
    return play(name, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
