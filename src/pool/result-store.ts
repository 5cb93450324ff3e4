import type { Ticket } from '../errors.ts'
import type { Result } from './results.ts'

/**
 * Results by queue and serial number of the chunk that they answer: `store.get('input')?.get(0)`.
 *
 * It fills while the pool works. A chunk that was answered more than once has an array of the values, in the order in
 * which they came. Results that came without a ticket are under `output`, numbered as they came.
 *
 * @example
 * ```ts
 * // file: halve.worker.ts
 * import type { Toolbox, WorkerQueue } from 'eisenmp'
 * export async function halve(toolbox: Toolbox<unknown, { input: WorkerQueue<number> }>): Promise<boolean> {
 *   const chunk = await toolbox.queues.input.take()
 *   if (!chunk) return false
 *   toolbox.emit(chunk.items.map((n) => n / 2), { ticket: chunk.ticket })
 *   return true
 * }
 * ```
 * ```ts
 * import { createPool } from 'eisenmp'
 * import type * as Halve from './halve.worker.ts'
 *
 * const pool = await createPool<typeof Halve>({ modules: new URL('./halve.worker.ts', import.meta.url), workers: 2 })
 * void pool.feed([2, 4, 6], { chunk: 2 })
 * await pool.loop('halve')
 * const store = pool.results({ store: true })
 * console.log(store.get('input')?.get(1), store.missing()) // [ 3 ] []
 * console.log(store.report('Halves'))
 * await pool.close()
 * ```
 */
export class ResultStore extends Map<string, Map<number, unknown>> {
  readonly #listIssued: () => Iterable<readonly [queue: string, count: number]>
  readonly #isAnswered: (ticket: Ticket) => boolean
  readonly #severalOf = new Map<string, Set<number>>()
  #unnamed = 0

  /** @internal */
  constructor(
    listIssued: () => Iterable<readonly [queue: string, count: number]>,
    isAnswered: (ticket: Ticket) => boolean,
  ) {
    super()
    this.#listIssued = listIssued
    this.#isAnswered = isAnswered
  }

  /** @internal */
  keep({ value, ticket }: Result): void {
    const { queue, serial } = ticket ?? { queue: 'output', serial: this.#unnamed++ }
    let values = this.get(queue)
    if (values === undefined) this.set(queue, (values = new Map()))
    if (!values.has(serial)) values.set(serial, value)
    else this.#append(values, queue, serial, value)
  }

  #append(values: Map<number, unknown>, queue: string, serial: number, value: unknown): void {
    let several = this.#severalOf.get(queue)
    if (several === undefined) this.#severalOf.set(queue, (several = new Set()))
    if (several.has(serial)) (values.get(serial) as unknown[]).push(value)
    else values.set(serial, [values.get(serial), value])
    several.add(serial)
  }

  /** Tickets that were given out and never had a result, read or not: chunks that failed, were skipped, or were not answered. */
  missing(): Ticket[] {
    const missing: Ticket[] = []
    for (const [queue, count] of this.#listIssued()) {
      for (let serial = 0; serial < count; serial++) {
        if (!this.#isAnswered({ queue, serial })) missing.push({ queue, serial })
      }
    }
    return missing
  }

  /**
   * How many results there are for each queue, and which tickets have none, to be read by people.
   *
   * @param label - What the results are of.
   */
  report(label = 'Results'): string {
    const issued = new Map(this.#listIssued())
    const names = [...new Set([...issued.keys(), ...this.keys()])]
    const width = Math.max(0, ...names.map((name) => name.length))
    const missing = Map.groupBy(this.missing(), ({ queue }) => queue)
    const lines = names.map((name) => {
      const gaps = (missing.get(name) ?? []).map(({ serial }) => serial)
      const count = issued.has(name) ? issued.get(name)! - gaps.length : (this.get(name)?.size ?? 0)
      const rest = gaps.length === 0 ? '' : `, missing: ${gaps.slice(0, 10).join(', ')}${gaps.length > 10 ? ', …' : ''}`
      const of = issued.has(name) ? ` of ${issued.get(name)}` : ''
      return `  ${name.padEnd(width)}  ${count}${of} answered${rest}`
    })
    return [`${label}:`, ...lines].join('\n')
  }
}
