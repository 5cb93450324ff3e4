import { BrokenRing, type Place, RingReader, RingWriter, type RingMemory } from './byte-ring.ts'
import { describeThrown } from '../../internal/describe-thrown.ts'
import { CursorReader, CursorWriter } from './cursor.ts'
import { Sleeper } from './sleeper.ts'

/** The part of a MessagePort that a link posts to. */
export interface LinkPort {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void
}

/** Writes what it has measured before. */
export interface RecordWriter<Message> {
  write(message: Message, to: CursorWriter): void
}

/** On the port, tells that there is something in the ring. It is no message and is not counted. */
export const BELL = 0

/** A message on the port: its number, counted from 1, and what is sent. Anything else there did not come through a link. */
type Envelope = readonly [number: number, message: unknown]

function isEnvelope(given: unknown): given is Envelope {
  return Array.isArray(given) && given.length === 2 && typeof given[0] === 'number'
}

/** Each record begins with the number of messages that were posted before it. */
const PREFIX_BYTES = 8

/**
 * The sending end of a link of one ring and one port, which together keep one order: what fits goes through the ring,
 * anything else through the port, and each record tells how many messages of the port come before it.
 */
export class LinkSender<Message> {
  readonly #port: LinkPort
  readonly #writer: RingWriter
  readonly #cursor: CursorWriter
  readonly #sleeper: Sleeper
  #posted = 0

  constructor(port: LinkPort, memory: RingMemory) {
    this.#port = port
    this.#writer = new RingWriter(memory)
    this.#cursor = new CursorWriter(memory)
    this.#sleeper = new Sleeper(memory.control)
  }

  /** Sends through the ring. `false`, and nothing is sent, when there is no room for so many bytes. */
  write(message: Message, bytes: number, records: RecordWriter<Message>): boolean {
    const offset = this.#writer.reserve(PREFIX_BYTES + bytes)
    if (offset === undefined) return false
    const cursor = this.#cursor.moveTo(offset)
    cursor.ints(this.#posted, 0)
    records.write(message, cursor)
    this.#writer.publish()
    if (this.#sleeper.wake()) this.#port.postMessage(BELL)
    return true
  }

  /**
   * Sends through the port.
   *
   * @param transfer - Memory that moves instead of being copied; the sender MUST NOT need it any more.
   * @throws DataCloneError when it cannot be cloned; then nothing was sent.
   */
  post(message: unknown, transfer?: ArrayBuffer[]): void {
    const number = (this.#posted + 1) | 0
    this.#port.postMessage([number, message] satisfies Envelope, transfer)
    this.#posted = number
    this.#sleeper.interrupt()
  }
}

/** The receiving end. What it gives comes in the order in which it was sent. */
export class LinkReceiver<Message> {
  readonly #reader: RingReader
  readonly #cursor: CursorReader
  readonly #sleeper: Sleeper
  readonly #read: (from: CursorReader) => Message
  readonly #deliver: (message: Message) => void
  /** Number of the port's last message. */
  #posted = 0

  constructor(memory: RingMemory, read: (from: CursorReader) => Message, deliver: (message: Message) => void) {
    this.#reader = new RingReader(memory)
    this.#cursor = new CursorReader(memory)
    this.#sleeper = new Sleeper(memory.control)
    this.#read = read
    this.#deliver = deliver
  }

  /**
   * Delivers the records that were there when it was called, as far as no message of the port comes before them.
   *
   * One that writes all the time cannot keep this from coming to its end.
   *
   * @throws BrokenRing
   */
  drain(): void {
    const { written } = this.#reader
    while (this.#reader.isBefore(written)) {
      const place = this.#reader.peek()
      if (place === undefined || !this.#isNext(place)) return
      const message = this.#decode()
      this.#reader.release()
      this.#deliver(message)
    }
  }

  /** No message of the port comes before the record; the cursor then stands behind its prefix. */
  #isNext(place: Place): boolean {
    const [posted] = this.#cursor.moveTo(place).ints()
    const ahead = (posted - this.#posted) | 0
    if (ahead < 0) throw new BrokenRing('a message on the port was not sent through its link')
    return ahead === 0
  }

  #decode(): Message {
    try {
      return this.#read(this.#cursor)
    } catch (error) {
      throw new BrokenRing(describeThrown(error), error)
    }
  }

  /**
   * Delivers what the port has brought, with the records before it and behind it. What did not come through the link has
   * no place in its order and is delivered first.
   *
   * @throws BrokenRing
   */
  take(given: unknown, deliver: (message: unknown) => void): void {
    if (isEnvelope(given)) {
      this.drain()
      const [number, message] = given
      if (number !== ((this.#posted + 1) | 0)) throw new BrokenRing(`message ${number} on the port is out of turn`)
      this.#posted = number
      deliver(message)
    } else if (given !== BELL) deliver(given)
    this.drain()
  }

  /** Whether nothing can be delivered now. What waits for a message of the port is delivered with that. */
  get isIdle(): boolean {
    const place = this.#reader.peek()
    return place === undefined || !this.#isNext(place)
  }

  /** Back to the event loop. `false` when something is there by now, for which nobody will ring. */
  rest(): boolean {
    this.#sleeper.sleepInLoop()
    if (this.isIdle) return true
    this.#sleeper.rouse()
    return false
  }

  /**
   * Blocks this thread until something is sent, at most so long.
   *
   * @param hasMail - Whether the port has brought something by now; a message that comes later ends the wait.
   */
  linger(ms: number, hasMail: () => boolean = () => false): void {
    this.#sleeper.sleepInWait(() => this.isIdle && !hasMail(), ms)
  }
}
