import type { WorkerExit } from '../../src/backend.ts'
import type { Host, HostKind, HostResources } from '../../src/server/host.ts'
import type { FromService } from '../../src/server/service-messages.ts'
import type { ServiceSpec } from '../../src/server/service-spec.ts'
import { within } from './wait-until.ts'

/** A worker with one server at a free port of its own. */
export function createSpec(part: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    kind: 'server',
    index: 0,
    name: 'main-0',
    group: 'main',
    generation: 0,
    module: { url: new URL('../fixtures/servers/contract.server.ts', import.meta.url).href, export: 'default' },
    config: undefined,
    cores: undefined,
    servers: [{ index: 0, address: '127.0.0.1', port: 0, how: 'reuse' }],
    drain: { idleGraceMs: 100, inFlightMs: 1000 },
    limits: {
      headersTimeoutMs: 60_000,
      requestTimeoutMs: 300_000,
      keepAliveTimeoutMs: 5000,
      maxHeaderBytes: 16_384,
      maxBodyBytes: 1_000_000,
      maxConnections: 1000,
    },
    beatMs: 1000,
    ...part,
  }
}

/** One worker, and what it has told. */
export class Hosted {
  readonly host: Host
  readonly messages: FromService[] = []
  output = ''
  readonly gone: Promise<WorkerExit>
  #check: () => void = () => {}

  constructor(kind: HostKind, spec: ServiceSpec = createSpec(), resources: HostResources = { fds: [] }) {
    const { promise, resolve } = Promise.withResolvers<WorkerExit>()
    this.gone = within(promise, 'the worker has gone')
    // Most tests look at it only when they are through with the rest.
    this.gone.catch(() => {})
    this.host = kind.start(spec, resources, {
      message: (message) => {
        this.messages.push(message)
        this.#check()
      },
      output: (_stream, bytes) => {
        this.output += Buffer.from(bytes).toString()
      },
      gone: resolve,
    })
  }

  /** The first message of a kind. */
  async next<Kind extends FromService['kind']>(kind: Kind): Promise<Extract<FromService, { kind: Kind }>> {
    const { promise, resolve } = Promise.withResolvers<FromService>()
    this.#check = () => {
      const found = this.messages.find((message) => message.kind === kind)
      if (found !== undefined) resolve(found)
    }
    this.#check()
    return (await within(promise, `the message ${kind}`)) as Extract<FromService, { kind: Kind }>
  }
}
