/** Ports from `from` on, as many as there are servers. */
export interface PortRange {
  /** The first one, 1 to 65535. */
  readonly from: number
  /**
   * The last one that may be used, itself included. A range that is too small for the servers of its group is refused.
   *
   * @defaultValue none: up to 65535
   */
  readonly to?: number
  /**
   * From one port to the next.
   *
   * @defaultValue 1
   */
  readonly step?: number
}

/** Where the servers of a group listen. */
export interface ListenOptions {
  /**
   * A literal IP address. `0.0.0.0` is every IPv4 address of the machine, `::` every address of both families. An IPv6
   * address that is link-local needs its scope, `fe80::1%eth0`, or `adapter`. Names such as `localhost` are refused, since
   * what they mean differs from one machine to the next.
   *
   * @defaultValue `'127.0.0.1'`: nobody outside of this machine can connect; with `adapter` its first address
   */
  readonly address?: string
  /**
   * A network adapter, by its name in `os.networkInterfaces()`: the servers listen at its first IPv4 address, or, if it has
   * none, its first IPv6 address. With `address` too, that must be one of the adapter's. It binds to an address, not to the
   * card: Linux takes packets for any of its addresses from any card.
   *
   * @defaultValue none
   */
  readonly adapter?: string
  /**
   * Which address of `adapter` to take.
   *
   * @defaultValue none: IPv4 before IPv6
   */
  readonly family?: 4 | 6
  /**
   * Servers in each worker, which share its event loop; each has a port of its own. 1 to 1024.
   *
   * @defaultValue 1
   */
  readonly serversPerWorker?: number
  /**
   * Numbers of the cores that each of these workers may run on, as in `[0, 1]`, or `'each'`: one core for each worker, in
   * turn out of those that the program may use. Takes Linux and its command `taskset`; elsewhere workers are not pinned.
   *
   * @defaultValue none: the system decides
   */
  readonly cores?: readonly number[] | 'each'
  /**
   * When a port is taken by another program: `fail` starts nothing, `next` takes the next port that is free, within the range
   * or list if there is one.
   *
   * @defaultValue `'fail'`
   */
  readonly onPortBusy?: 'fail' | 'next'
}

/** A part of the workers, with its own addresses, ports and cores. */
export interface PortGroupOptions extends ListenOptions {
  /** Letters, digits, `-` and `_`, at most 32; the workers are called `red-0`, `red-1` and so on. */
  readonly name: string
  /**
   * The workers of the group: their numbers, counted from 0 over all groups, or how many, or `'rest'`: all that are in no
   * other group.
   */
  readonly workers: readonly number[] | number | 'rest'
  /**
   * One port, a list, a range, or `'auto'`: the system chooses one for each server. Port 0 is one that the system chooses for
   * all.
   *
   * @defaultValue 3000
   */
  readonly ports?: PortRange | readonly number[] | number | 'auto'
  /**
   * `shared`: all workers of the group share one port, and connections go to one that is free; each further server of a worker
   * has the port after it. `each`: a port for every server, so that clients choose the worker; there is no failover then.
   *
   * @defaultValue `'shared'` for one port, else `'each'`
   */
  readonly share?: 'shared' | 'each'
}

/** Where workers listen: without groups all share one port. */
export interface PortOptions extends ListenOptions {
  /**
   * The port that all workers share; 0: the system chooses one.
   *
   * @defaultValue 3000
   */
  readonly port?: number
  /**
   * Groups of workers with their own addresses, ports and cores, instead of the options for all.
   *
   * @defaultValue one group named `main`
   */
  readonly groups?: readonly PortGroupOptions[]
}

/** A group with every default filled in, the range still to be worked out. */
export interface PortGroup extends Omit<ListenOptions, 'serversPerWorker' | 'onPortBusy'> {
  /** The group as messages call it: "group 'red' of serve()". */
  readonly whose: string
  readonly name: string
  readonly workers: readonly number[] | number | 'rest'
  readonly ports: PortRange | readonly number[] | number | 'auto'
  readonly share: 'shared' | 'each'
  readonly serversPerWorker: number
  readonly onPortBusy: 'fail' | 'next'
}
