import { once } from 'node:events'
import { type ListenOptions, type Server } from 'node:net'
import type { ListenSpec } from '../service-spec.ts'

function toOptions({ how, address, port, fd }: ListenSpec): ListenOptions & { readonly fd?: number | undefined } {
  if (how === 'inherit') return { fd }
  return { host: address, port, reusePort: true }
}

/**
 * Listens as told; with the listener of the predecessor, when there is one.
 *
 * @returns The port.
 */
export async function listenAs(server: Server, spec: ListenSpec, listener?: Server): Promise<number> {
  const listening = once(server, 'listening')
  if (listener === undefined) server.listen(toOptions(spec))
  else server.listen(listener)
  await listening
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : spec.port
}
