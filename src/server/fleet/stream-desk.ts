import type { FromFleetWorker, ReaderSpec, ToFleetWorker } from './fleet-messages.ts'
import type { InstanceRecord } from './instance-record.ts'
import { InstanceStream } from './instance-stream.ts'

/** Brings what instances emit to its readers. */
export class StreamDesk {
  readonly #send: (record: InstanceRecord, body: ToFleetWorker) => void
  readonly #streams = new Map<number, InstanceStream>()
  #count = 0

  constructor(send: (record: InstanceRecord, body: ToFleetWorker) => void) {
    this.#send = send
  }

  open(record: InstanceRecord, reader: Omit<ReaderSpec, 'id'>): InstanceStream {
    const spec = { ...reader, id: ++this.#count }
    const instance = record.id
    const stream = new InstanceStream(spec, {
      giveCredit: (count) => this.#send(record, { kind: 'credit', instance, reader: spec.id, count }),
      leave: () => {
        this.#forget(record, stream)
        this.#send(record, { kind: 'unsubscribe', instance, reader: spec.id })
      },
    })
    record.streams.add(stream)
    this.#streams.set(spec.id, stream)
    this.#send(record, { kind: 'subscribe', instance, reader: spec })
    return stream
  }

  /** The instance is made again: its readers are those it had. */
  renew(record: InstanceRecord): ReaderSpec[] {
    return [...record.streams].map((stream) => InstanceStream.renew(stream))
  }

  take({ reader, value, dropped }: Extract<FromFleetWorker, { kind: 'value' }>): void {
    const stream = this.#streams.get(reader)
    if (stream !== undefined) InstanceStream.take(stream, value, dropped)
  }

  /** Nothing more comes from the instance; `error`: what its readers are to be told. */
  end(record: InstanceRecord, error?: { readonly error: unknown }): void {
    for (const stream of [...record.streams]) {
      this.#forget(record, stream)
      InstanceStream.end(stream, error)
    }
  }

  #forget(record: InstanceRecord, stream: InstanceStream): void {
    record.streams.delete(stream)
    this.#streams.delete(InstanceStream.idOf(stream))
  }
}
