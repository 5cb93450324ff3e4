import { createServer } from 'node:net'

/**
 * Listens for a moment, which is the only way to know: the system lets two sockets be bound to one port as long as neither
 * listens. A port that others share by SO_REUSEPORT counts as taken.
 *
 * @returns the system's error, or `undefined` when it went well
 */
export function probePort(address: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => void socket.destroy())
    server.once('error', resolve)
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
