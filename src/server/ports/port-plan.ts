/** A socket that one server has, or that one server of each worker of a group shares; then it is the same object. */
export interface PlannedSocket {
  readonly group: string
  /** The group as messages call it: "group 'red' of serve()". */
  readonly whose: string
  /** A literal IP address; link-local ones have their scope. */
  readonly address: string
  readonly family: 4 | 6
  /** 0: the system chooses one when it is bound. */
  readonly port: number
  readonly share: 'shared' | 'each'
  /** `inherit`: the parent owns the socket. `reuse`: the worker binds the port itself, with SO_REUSEPORT. */
  readonly how: 'inherit' | 'reuse'
  /** All ports that the sockets of the group may take, in order, when one is busy; `undefined`: none but its own. */
  readonly candidates: readonly number[] | undefined
}

/** One server of a worker. */
export interface PlannedServer extends Omit<PlannedSocket, 'candidates' | 'whose'> {
  /** The worker, from 0 over all groups. */
  readonly worker: number
  /** Which server of the worker it is, from 0. */
  readonly index: number
  readonly socket: PlannedSocket
}

/** One worker, with its place in everything. */
export interface PlannedWorker {
  /** From 0 over all groups, without gaps. */
  readonly index: number
  /** `red-0`: the group and the place in it. */
  readonly name: string
  readonly group: string
  /** From 0 within the group, by index. */
  readonly place: number
  /** Ascending; `undefined`: all. */
  readonly cores: readonly number[] | undefined
  readonly servers: readonly PlannedServer[]
}
