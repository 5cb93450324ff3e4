import { explainBind, isBusy } from './explain-bind.ts'
import { type HeldSocket, holdSocket, isHeldHere } from './hold-socket.ts'
import { doOverlap } from './ip-address.ts'
import type { PlannedServer, PlannedSocket, PlannedWorker } from './port-plan.ts'
import { probePort } from './probe-port.ts'

/** A server whose port is bound. */
export interface BoundServer extends PlannedServer {
  /** Descriptor of the socket in this program, for the worker to inherit; `undefined` when it binds the port itself. */
  readonly fd: number | undefined
}

/** A worker whose ports are all bound. */
export interface BoundWorker extends PlannedWorker {
  readonly servers: readonly BoundServer[]
}

/** All ports of a plan. */
export interface BoundPorts {
  /** The plan, with the ports that it came to be. */
  readonly workers: readonly BoundWorker[]
  /** Gives the ports back, as soon as no worker has them any more. */
  close(): void
}

interface Failure {
  readonly port: number
  readonly error: unknown
}

function fail(code: string, text: string): Error {
  return Object.assign(new Error(text), { code })
}

class Binding {
  readonly #held = new Map<PlannedSocket, HeldSocket>()
  readonly #taken: { readonly address: string; readonly port: number }[] = []
  /** By the list of candidates, which is that of a group: how many of them were tried, and which was busy last. */
  readonly #tried = new Map<readonly number[], number>()
  readonly #busy = new Map<readonly number[] | undefined, Failure>()

  async bindAll(plan: readonly PlannedWorker[]): Promise<BoundPorts> {
    const sockets = [...new Set(plan.flatMap(({ servers }) => servers.map(({ socket }) => socket)))]
    try {
      // Those first that want a certain port, or the system might choose it for one of the others.
      for (const socket of sockets.toSorted((a, b) => Number(a.port === 0) - Number(b.port === 0))) {
        this.#held.set(socket, await this.#bind(socket))
      }
      return { workers: plan.map((worker) => this.#finish(worker)), close: () => this.#close() }
    } catch (error) {
      this.#close()
      throw error
    }
  }

  async #bind(socket: PlannedSocket): Promise<HeldSocket> {
    for (const port of this.#listPorts(socket)) {
      try {
        return await this.#tryPort({ ...socket, port })
      } catch (error) {
        if (!isBusy(error)) throw explainBind({ ...socket, port }, error)
        this.#busy.set(socket.candidates, { port, error })
      }
    }
    // Its first ports are its own, so one of them was busy when none is left.
    const { port, error } = this.#busy.get(socket.candidates)!
    throw explainBind({ ...socket, port }, error)
  }

  async #tryPort(socket: PlannedSocket): Promise<HeldSocket> {
    const { address, port } = socket
    if (port !== 0) {
      const error = isHeldHere(address, port)
        ? fail('EADDRINUSE', 'this program has bound it')
        : await probePort(address, port)
      if (error !== undefined) throw error
    }
    const held = holdSocket(socket)
    if (held.fd < 0 && socket.how === 'inherit') {
      held.close()
      throw fail('ERR_NO_DESCRIPTOR', 'sockets have no descriptor')
    }
    this.#taken.push({ address, port: held.port })
    return held
  }

  /** Its own port, or one candidate of its group after the other, none of them twice. */
  *#listPorts({ address, port, candidates }: PlannedSocket): Generator<number> {
    if (candidates === undefined) {
      yield port
      return
    }
    for (let i = this.#tried.get(candidates) ?? 0; i < candidates.length; i++) {
      this.#tried.set(candidates, i + 1)
      const next = candidates[i]!
      if (!this.#taken.some((other) => other.port === next && doOverlap(other.address, address))) yield next
    }
  }

  #finish(worker: PlannedWorker): BoundWorker {
    const servers = worker.servers.map((server) => {
      const { port, fd } = this.#held.get(server.socket)!
      return { ...server, port, fd: server.how === 'inherit' ? fd : undefined }
    })
    return { ...worker, servers }
  }

  #close(): void {
    for (const socket of this.#held.values()) socket.close()
    this.#held.clear()
  }
}

/**
 * Binds every port of a plan before any worker starts, so that a conflict is told at once and in one place, and keeps the
 * sockets, so that no port is lost between two lives of a worker. All or none.
 *
 * A bound port refuses connections until the first worker listens.
 *
 * @throws EisenmpError `ERR_EISENMP_PORT`, with the group, address and port, and who has it where the system tells.
 */
export function bindPorts(plan: readonly PlannedWorker[]): Promise<BoundPorts> {
  return new Binding().bindAll(plan)
}
