import { Fleet } from './fleet.ts'
import { FleetCore } from './fleet-core.ts'
import { type FleetOptions, readFleetOptions } from './fleet-options.ts'
import type { UntypedInstance } from './fleet-types.ts'
import type { UntypedChannels } from './instance-toolbox.ts'

/**
 * Starts workers for instances of one class: each instance lives in one worker, has a name, and is driven from here by
 * commands and streams.
 *
 * Everything that can be checked is checked before any worker starts. Workers that end are started again, unhealthy ones are
 * replaced, and what becomes of their instances is `onWorkerLost`.
 *
 * @typeParam Class - Type of the instances, so that methods, arguments and results are checked by the compiler.
 * @typeParam Channels - What they emit, by channel: `{ audio: Uint8Array }`.
 * @param options - See {@link FleetOptions}.
 * @returns When every worker has loaded the class.
 * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a wrong or misspelt option, `ERR_EISENMP_MODULE` when the module cannot be
 * loaded or has no class (`cause` is the original), `ERR_EISENMP_START` when a worker does not get ready, `ERR_EISENMP_CLONE`
 * when `config` cannot be copied; or the reason of `signal`. Then nothing runs any more.
 *
 * @example
 * ```ts
 * // file: radio.worker.ts
 * import type { InstanceToolbox } from 'eisenmp/server'
 * export class Radio {
 *   readonly #url: string
 *   readonly #toolbox: InstanceToolbox<unknown, { audio: string }>
 *   constructor(input: { url: string }, toolbox: InstanceToolbox<unknown, { audio: string }>) {
 *     this.#url = input.url
 *     this.#toolbox = toolbox
 *   }
 *   async play(frames: number): Promise<void> {
 *     for (let frame = 0; frame < frames; frame++) await this.#toolbox.emit('audio', `${this.#url} ${frame}`)
 *   }
 * }
 * ```
 * ```ts
 * import { createFleet } from 'eisenmp/server'
 * import type { Radio } from './radio.worker.ts'
 *
 * const module = new URL('./radio.worker.ts', import.meta.url)
 * const radios = await createFleet<Radio, { audio: string }>({ module, workers: 2, maxPerWorker: 3 })
 * const radio = await radios.create('nachtflug', { url: 'http://127.0.0.1/nachtflug' })
 * const audio = radio.stream('audio')
 * const playing = radio.call('play', 100)
 * for await (const frame of audio) if (frame.endsWith(' 9')) break
 * await playing
 * await radios.close()
 * ```
 */
export async function createFleet<Class = UntypedInstance, Channels = UntypedChannels>(
  options: FleetOptions,
): Promise<Fleet<Class, Channels>> {
  const settings = readFleetOptions(options)
  settings.signal?.throwIfAborted()
  const core = new FleetCore(settings)
  const fleet = new Fleet<Class, Channels>(core)
  try {
    await core.crew.start()
    return fleet
  } catch (error) {
    await fleet.destroy()
    if (fleet.isExiting) return new Promise(() => {})
    throw settings.signal?.aborted === true ? settings.signal.reason : error
  }
}
