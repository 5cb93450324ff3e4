/** A worker of a fleet, in an event. */
export interface FleetWorkerEvent {
  /** `fleet-0` */
  readonly worker: string
  /** Its seat, from 0. */
  readonly index: number
  /** Which life of the worker it is, from 0. */
  readonly generation: number
}

/** Events of {@link Fleet}, with what their listeners get. */
export interface FleetEvents {
  /** A worker takes instances: at the start, and after a restart. */
  ready: [event: FleetWorkerEvent & { readonly pid: number }]
  /** A worker has ended, for whatever reason. */
  gone: [event: FleetWorkerEvent & { readonly reason: string }]
  /**
   * A worker has crashed too often and is not started again; its instances are lost. Without a listener it is a warning of the
   * process.
   */
  failed: [event: { readonly worker: string; readonly index: number; readonly error: unknown }]
  /** An instance runs again, from its input, after its worker has died; `worker` is the index of its worker. */
  recreated: [event: { readonly name: string; readonly worker: number }]
  /**
   * An instance has gone with its worker, or could not be made again. Its name stays taken until `instance.stop()`. Without a
   * listener it is a warning of the process.
   */
  lost: [event: { readonly name: string; readonly error: unknown }]
}
