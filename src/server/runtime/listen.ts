import { once } from 'node:events'
import { type ListenOptions, type Server } from 'node:net'
import { formatEndpoint } from '../ports/ip-address.ts'
import type { ListenSpec } from '../service-spec.ts'

function toOptions({ how, address, port, fd }: ListenSpec): ListenOptions & { readonly fd?: number | undefined } {
  if (how === 'inherit') return { fd }
  return { host: address, port, reusePort: true }
}

/**
 * Listens as told; with the listener of the predecessor, when there is one.
 *
 * @returns The port.
 * @throws Error that names address and port.
 */
export async function listenAs(server: Server, spec: ListenSpec, listener?: Server): Promise<number> {
  const listening = once(server, 'listening')
  if (listener === undefined) server.listen(toOptions(spec))
  else server.listen(listener)
  try {
    await listening
  } catch (error) {
    // Two programs can bind a port at the same moment; the one whose workers listen first has it.
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`cannot listen at ${formatEndpoint(spec)}: ${reason}`, { cause: error })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : spec.port
}
