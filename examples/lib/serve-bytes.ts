import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on this machine that is there for one file. */
export type ByteServer = { url: string; close(): Promise<void> }

/** Serves bytes over http, also in ranges, on a free port of this machine. */
export async function serveBytes(bytes: Buffer): Promise<ByteServer> {
  const server = createServer((request, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    if (from === undefined) {
      response.writeHead(200, { 'accept-ranges': 'bytes', 'content-length': bytes.length })
      return response.end(request.method === 'HEAD' ? undefined : bytes)
    }
    const part = bytes.subarray(Number(from), Number(to) + 1)
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`
    response.writeHead(206, { 'content-range': range, 'content-length': part.length })
    return response.end(part)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/table.zip`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
