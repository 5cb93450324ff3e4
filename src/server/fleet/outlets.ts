import { EisenmpError } from '../../errors.ts'
import { RefusedValue } from '../../codec/refused-value.ts'
import { snapshot } from '../../codec/snapshot.ts'
import type { ReaderSpec } from './fleet-messages.ts'
import { Outlet } from './outlet.ts'

type SendValue = (reader: number, value: unknown, dropped: number) => void

/** All readers of one instance. */
export class Outlets {
  readonly #name: string
  readonly #isPortable: boolean
  readonly #send: SendValue
  readonly #outlets = new Map<number, Outlet>()
  readonly #byChannel = new Map<string, Outlet[]>()
  #isEnding = false

  constructor(name: string, isPortable: boolean, send: SendValue) {
    this.#name = name
    this.#isPortable = isPortable
    this.#send = send
  }

  open(reader: ReaderSpec): void {
    const outlet = new Outlet(reader, (value, dropped) => this.#send(reader.id, value, dropped))
    if (this.#isEnding) outlet.end()
    this.#outlets.set(reader.id, outlet)
    this.#byChannel.set(reader.channel, [...(this.#byChannel.get(reader.channel) ?? []), outlet])
  }

  close(reader: number): void {
    const outlet = this.#outlets.get(reader)
    if (outlet === undefined) return
    outlet.close()
    this.#outlets.delete(reader)
    const { channel } = outlet.reader
    const rest = this.#byChannel.get(channel)!.filter((other) => other !== outlet)
    if (rest.length === 0) this.#byChannel.delete(channel)
    else this.#byChannel.set(channel, rest)
  }

  give(reader: number, count: number): void {
    this.#outlets.get(reader)?.give(count)
  }

  /** See {@link InstanceToolbox.emit}. */
  emit(channel: string, value: unknown): Promise<boolean> {
    const readers = this.#byChannel.get(channel)
    if (readers === undefined) return Promise.resolve(!this.#isEnding)
    const answers: (boolean | Promise<boolean>)[] = []
    try {
      const copy = snapshot(value, { root: 'value', portable: this.#isPortable }).value
      for (const outlet of readers) answers.push(outlet.offer(copy))
    } catch (error) {
      return Promise.reject(this.#explain(channel, error))
    }
    const [only] = answers
    if (answers.length === 1) return only instanceof Promise ? only : Promise.resolve(only!)
    const all = Promise.all(answers.map((answer) => Promise.resolve(answer))).then((each) => each.every(Boolean))
    // As of a single reader: who does not await it is told by the count of what was dropped.
    all.catch(() => {})
    return all
  }

  #explain(channel: string, error: unknown): unknown {
    if (!(error instanceof RefusedValue)) return error
    const code = error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
    const text = `Cannot emit on channel '${channel}' of instance '${this.#name}': ${error.message}`
    return new EisenmpError(code, text, { cause: error })
  }

  /** The instance has stopped: sends what is kept for its readers. */
  flush(): void {
    for (const outlet of this.#outlets.values()) outlet.flush()
  }

  /** The instance is to stop: emits do not wait any more. */
  end(): void {
    this.#isEnding = true
    for (const outlet of this.#outlets.values()) outlet.end()
  }
}
