import net from 'node:net'
import { getSystemErrorName } from 'node:util'
import { doOverlap } from './ip-address.ts'
import type { PlannedSocket } from './port-plan.ts'

/** A socket of this program that is bound and does not listen: whoever inherits it does. */
export interface HeldSocket {
  /** Below 0 on Windows, where sockets have none. */
  readonly fd: number
  readonly port: number
  close(): void
}

type Endpoint = Pick<PlannedSocket, 'address' | 'family' | 'port' | 'how'>

/** What `net.BoundSocket` is, in Nodes that have it. */
interface BoundSocket {
  address(): { readonly port: number }
  fd(): number
  close(): void
}

/** A listening handle of older Nodes: they have nothing public that binds without listening. */
interface Handle {
  readonly fd: number
  getsockname(into: { port?: number }): number
  close(): void
}

interface Net {
  readonly BoundSocket?: new (options: { host: string; port: number; reusePort: boolean }) => BoundSocket
  readonly _createServerHandle?: (
    host: string,
    port: number,
    family: 4 | 6,
    fd: undefined,
    flags: number,
  ) => Handle | number
}

/** UV_TCP_REUSEPORT */
const REUSE_PORT = 2

function fail(errorNumber: number): Error {
  const code = getSystemErrorName(errorNumber)
  return Object.assign(new Error(`bind ${code}`), { code })
}

function holdByHandle(
  create: NonNullable<Net['_createServerHandle']>,
  { address, port, family, how }: Endpoint,
): HeldSocket {
  const handle = create(address, port, family, undefined, how === 'reuse' ? REUSE_PORT : 0)
  if (typeof handle === 'number') throw fail(handle)
  const bound: { port?: number } = {}
  // libuv keeps EADDRINUSE back until the next call.
  const late = handle.getsockname(bound)
  if (late !== 0) {
    handle.close()
    throw fail(late)
  }
  return { fd: handle.fd, port: bound.port!, close: () => handle.close() }
}

function bind(endpoint: Endpoint): HeldSocket {
  const { BoundSocket, _createServerHandle: create } = net as Net
  if (BoundSocket === undefined) return holdByHandle(create!, endpoint)
  const { address: host, port, how } = endpoint
  const socket = new BoundSocket({ host, port, reusePort: how === 'reuse' })
  return { fd: socket.fd(), port: socket.address().port, close: () => socket.close() }
}

/** All that this program holds, or this thread of it. */
const held = new Set<{ readonly address: string; readonly port: number }>()

/** The system does not tell of sockets that do not listen. */
export function isHeldHere(address: string, port: number): boolean {
  return [...held].some((other) => other.port === port && doOverlap(other.address, address))
}

/**
 * Binds without listening; `::` takes IPv4 too, as everywhere in Node. Those of `reuse` only keep the port: it is not given
 * to anybody who asks the system for a free one, while workers come and go.
 *
 * Another program that binds it without listening, as this does, is not noticed, nor does it notice: ask first whether
 * somebody listens.
 *
 * @throws Error with `code`, of the system
 */
export function holdSocket(endpoint: Endpoint): HeldSocket {
  const { fd, port, close } = bind(endpoint)
  const entry = { address: endpoint.address, port }
  held.add(entry)
  return {
    fd,
    port,
    close: () => {
      held.delete(entry)
      close()
    },
  }
}
