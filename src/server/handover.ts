import type { Server } from 'node:net'
import type { LifeRecord } from './life.ts'

/** A predecessor whose event loop is blocked gives up nothing. */
const RELEASE_MS = 1000

/**
 * Threads bind their ports themselves; the listeners of a predecessor travel to its successor, so that no connection in
 * their queues is lost. Where Node cannot transfer them, the list is empty and the successor binds its own.
 */
export class Handover {
  readonly #find: (seat: number, generation: number) => LifeRecord | undefined
  /** Successor → its predecessor's generation. */
  readonly #expected = new Map<LifeRecord, number>()
  readonly #deadlines = new Map<LifeRecord, NodeJS.Timeout>()

  constructor(find: (seat: number, generation: number) => LifeRecord | undefined) {
    this.#find = find
  }

  expect(successor: LifeRecord, predecessor: number): void {
    this.#expected.set(successor, predecessor)
  }

  /** The successor has loaded and waits. */
  give(successor: LifeRecord): void {
    const generation = this.#expected.get(successor)
    const predecessor = generation === undefined ? undefined : this.#find(successor.seat, generation)
    if (predecessor === undefined) return this.#adopt(successor, [])
    predecessor.host.send({ kind: 'release' })
    this.#deadlines.set(
      successor,
      setTimeout(() => this.#adopt(successor, []), RELEASE_MS),
    )
  }

  /** The predecessor has given up its listeners. */
  pass(predecessor: LifeRecord, listeners: readonly Server[]): void {
    const { seat, generation } = predecessor
    for (const [successor, expected] of this.#expected) {
      if (successor.seat === seat && expected === generation) return this.#adopt(successor, listeners)
    }
    // The successor has died meanwhile: the predecessor serves on, with the same sockets.
    predecessor.host.send({ kind: 'adopt', listeners }, listeners)
  }

  #adopt(successor: LifeRecord, listeners: readonly Server[]): void {
    this.#clear(successor)
    successor.host.send({ kind: 'adopt', listeners }, listeners)
  }

  #clear(successor: LifeRecord): void {
    this.#expected.delete(successor)
    clearTimeout(this.#deadlines.get(successor))
    this.#deadlines.delete(successor)
  }

  /** It is gone. */
  forget(life: LifeRecord): void {
    this.#clear(life)
    for (const [successor, generation] of this.#expected) {
      if (successor.seat === life.seat && generation === life.generation) this.#adopt(successor, [])
    }
  }
}
