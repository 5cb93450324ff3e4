import { MessageChannel, type Transferable, receiveMessageOnPort } from 'node:worker_threads'
import type { FromService, ServicePlace } from '../../src/server/service-messages.ts'
import type { ServiceSpec } from '../../src/server/service-spec.ts'
import { ServerRuntime } from '../../src/server/runtime/server-runtime.ts'
import { defaultLimits } from '../../src/server/runtime/limits.ts'
import type { ServerToolbox } from '../../src/server/runtime/server-toolbox.ts'
import { waitUntil } from './wait-until.ts'

type Kind = FromService['kind']
type Of<K extends Kind> = Extract<FromService, { kind: K }>

/** What a worker's entry would be, in this thread. */
export class RuntimePlace implements ServicePlace {
  readonly spec: ServiceSpec
  readonly sent: FromService[] = []
  readonly runtime: ServerRuntime
  exitCode: number | undefined

  constructor(module: string, config: unknown, spec: Partial<ServiceSpec> = {}) {
    this.spec = {
      kind: 'server',
      index: 0,
      name: 'red-0',
      group: 'red',
      generation: 0,
      module: {
        url: module.includes(':') ? module : new URL(`../fixtures/servers/${module}`, import.meta.url).href,
        export: 'default',
      },
      config,
      cores: undefined,
      servers: [{ index: 0, address: '127.0.0.1', port: 0, how: 'reuse' }],
      drain: { idleGraceMs: 50, inFlightMs: 10_000 },
      limits: defaultLimits,
      beatMs: 1000,
      ...spec,
    }
    this.runtime = new ServerRuntime(this)
  }

  send(message: FromService, transfer: readonly unknown[] = []): void {
    this.sent.push(transfer.length === 0 ? message : transferToSelf(message, transfer))
  }

  leave(exitCode: number): void {
    this.exitCode ??= exitCode
  }

  find<K extends Kind>(kind: K): Of<K> | undefined {
    return this.sent.find((message): message is Of<K> => message.kind === kind)
  }

  async wait<K extends Kind>(kind: K): Promise<Of<K>> {
    await waitUntil(() => this.find(kind) !== undefined || this.exitCode !== undefined, kind)
    const found = this.find(kind)
    if (found === undefined) throw new Error(`ended without ${kind}: ${JSON.stringify(this.sent)}`)
    return found
  }

  get port(): number {
    return this.find('ready')?.ports[0] ?? 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get log(): string {
    return this.sent.map((message) => (message.kind === 'print' ? `${message.level} ${message.text}\n` : '')).join('')
  }

  /** Drains, and waits for the end. */
  async drain(): Promise<Of<'drained'>> {
    this.runtime.take({ kind: 'drain' })
    await waitUntil(() => this.exitCode !== undefined, 'the end')
    return this.wait('drained')
  }
}

/** As it goes from thread to thread. Throws where Node cannot transfer it. */
function transferToSelf(message: FromService, transfer: readonly unknown[]): FromService {
  const { port1, port2 } = new MessageChannel()
  try {
    port1.postMessage(message, transfer as Transferable[])
    return (receiveMessageOnPort(port2) as { readonly message: FromService }).message
  } finally {
    port1.close()
  }
}

const places = new Set<RuntimePlace>()

async function start(module: string, config: unknown, spec?: Partial<ServiceSpec>): Promise<RuntimePlace> {
  const place = new RuntimePlace(module, config, spec)
  places.add(place)
  await place.runtime.start()
  return place
}

/** A ready worker with a server of `make`. */
export async function startServer(
  make: (toolbox: ServerToolbox) => unknown,
  spec?: Partial<ServiceSpec>,
): Promise<RuntimePlace> {
  const place = await start('made.ts', { make }, spec)
  await place.wait('ready')
  return place
}

/** A ready worker with a fetch handler. */
export async function startFetch(
  answer: (request: Request, toolbox: ServerToolbox) => unknown,
  spec?: Partial<ServiceSpec>,
): Promise<RuntimePlace> {
  const place = await start('fetched.ts', { answer }, spec)
  await place.wait('ready')
  return place
}

/** Its successor, ready, with its listeners; they are handed over when it has loaded. */
export async function succeed(
  old: RuntimePlace,
  make: (toolbox: ServerToolbox) => unknown,
  drain: ServiceSpec['drain'],
): Promise<RuntimePlace> {
  const servers = [{ index: 0, address: '127.0.0.1', port: old.port, how: 'adopt' as const }]
  const place = new RuntimePlace('made.ts', { make }, { servers, drain })
  places.add(place)
  const starting = place.runtime.start()
  await place.wait('loaded')
  old.runtime.take({ kind: 'release' })
  place.runtime.take({ kind: 'adopt', listeners: (await old.wait('released')).listeners })
  await starting
  await place.wait('ready')
  return place
}

/** One that may fail. */
export function startAny(module: string, config?: unknown, spec?: Partial<ServiceSpec>): Promise<RuntimePlace> {
  return start(module, config, spec)
}

/** For afterEach(): ends all that a test has left. */
export async function endAll(): Promise<void> {
  for (const place of [...places]) {
    places.delete(place)
    place.runtime.take({ kind: 'drain' })
    // Twice, so that nothing is waited for.
    if (place.exitCode === undefined) place.runtime.crash(new Error('the test is over'))
    if (place.exitCode === undefined) place.runtime.crash(new Error('the test is over'))
  }
}
