import { SLEEP_CELL } from './byte-ring.ts'

/** What the reader of a ring is doing, in one shared cell. */
const AWAKE = 0
/** In its event loop: a message on the port wakes it. */
const IN_LOOP = 1
/** In `Atomics.wait`: a notification wakes it, with no turn of the event loop. */
const IN_WAIT = 2

/**
 * Lets the reader of a ring sleep, and its writer wake it, with no wake-up lost and none sent twice.
 *
 * Both sides store before they load, in one order for all threads (`Atomics`): a reader says that it sleeps and then
 * looks into the ring once more; a writer publishes and then looks whether the reader sleeps. At least one of them sees
 * the other.
 */
export class Sleeper {
  readonly #control: Int32Array

  constructor(control: Int32Array) {
    this.#control = control
  }

  /** The reader goes back to its event loop. It MUST look into the ring once more after this. */
  sleepInLoop(): void {
    Atomics.store(this.#control, SLEEP_CELL, IN_LOOP)
  }

  /** The reader takes records again by itself. */
  rouse(): void {
    Atomics.store(this.#control, SLEEP_CELL, AWAKE)
  }

  /** The reader blocks its thread until it is woken, at most so long, unless `isEmpty` is false by then. */
  sleepInWait(isEmpty: () => boolean, ms: number): void {
    Atomics.store(this.#control, SLEEP_CELL, IN_WAIT)
    if (isEmpty()) Atomics.wait(this.#control, SLEEP_CELL, IN_WAIT, ms)
    Atomics.store(this.#control, SLEEP_CELL, AWAKE)
  }

  /**
   * The writer has published. `true` when the reader is in its event loop, so that a message on the port has to wake it;
   * only the first of several records in a row finds it there.
   */
  wake(): boolean {
    const was = Atomics.exchange(this.#control, SLEEP_CELL, AWAKE)
    if (was === IN_WAIT) Atomics.notify(this.#control, SLEEP_CELL)
    return was === IN_LOOP
  }

  /**
   * A message went through the port, which the event loop will bring by itself. A reader that rests there MUST go on
   * counting as one that does: it may have dealt with the message by now, and rest again.
   */
  interrupt(): void {
    const was = Atomics.compareExchange(this.#control, SLEEP_CELL, IN_WAIT, AWAKE)
    if (was === IN_WAIT) Atomics.notify(this.#control, SLEEP_CELL)
  }
}
