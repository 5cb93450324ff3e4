import { LoadError } from '../../loader/import-tasks.ts'
import { encodeError } from '../../protocol/wire-error.ts'
import type { ServicePlace, ServiceRuntime, ToService } from '../service-messages.ts'

/** Errors that nobody catches are the runtime's, unless the user's module has its own handler. */
function catchUncaught(runtime: ServiceRuntime): void {
  const onError = (error: unknown): void => {
    if (process.listenerCount('uncaughtException') > 1) return
    // As Node would have done.
    console.error(error)
    runtime.crash(error)
  }
  process.on('uncaughtException', onError)
}

async function importRuntime(place: ServicePlace): Promise<ServiceRuntime> {
  if (place.spec.kind === 'fleet') {
    const { FleetRuntime } = await import('../fleet/fleet-runtime.ts')
    return new FleetRuntime(place)
  }
  const { ServerRuntime } = await import('../runtime/server-runtime.ts')
  return new ServerRuntime(place)
}

/**
 * Starts what runs in a worker. A fleet's worker does not load what serves requests, and the other way round.
 *
 * @returns What takes the messages; those that come before the runtime is there wait for it.
 */
export function startRuntime(place: ServicePlace, portable: boolean): (message: ToService) => void {
  let runtime: ServiceRuntime | undefined
  const early: ToService[] = []
  const begin = async (): Promise<void> => {
    const made = await importRuntime(place)
    catchUncaught(made)
    runtime = made
    for (const message of early.splice(0)) give(message)
    await made.start()
  }
  const give = (message: ToService): void => {
    if (message.kind === 'init') return
    if (runtime === undefined) early.push(message)
    else runtime.take(message)
  }
  begin().catch((error: unknown) => {
    const failure = new LoadError('the worker could not be started', place.spec.module.url, error)
    place.send({ kind: 'failed', error: encodeError(failure, portable) })
    place.leave(1)
  })
  return give
}
