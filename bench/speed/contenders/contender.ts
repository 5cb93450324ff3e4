import { availableParallelism } from 'node:os'
import { inWindow } from './in-window.ts'

export const WORKERS: number = Math.min(2, availableParallelism())

/** How chunks are made by hand: what a careful user would choose. */
export interface HandMade {
  readonly items: number
}

/** A way to send many items through workers; gives the sum of the results. */
export interface Contender {
  readonly name: string
  /** Workers make the items: numbers from 0 on. */
  readonly isIndexed?: boolean
  /** Every item is a call of its own: some 20 µs whatever the item costs. */
  readonly isPerItem?: boolean
  open(hand: HandMade): Promise<OpenContender>
}

export interface OpenContender {
  sum(items: () => Iterable<unknown>, count: number): Promise<number>
  close(): Promise<unknown>
}

export function* cut(items: Iterable<unknown>, length: number): Generator<unknown[]> {
  let chunk: unknown[] = []
  for (const item of items) {
    if (chunk.push(item) < length) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** The sum of what the calls give. */
export async function sumInWindow<T>(
  source: Iterable<T>,
  ahead: number,
  call: (item: T) => Promise<number>,
): Promise<number> {
  let sum = 0
  await inWindow(source, ahead, async (item) => {
    // Not `sum += await`: that would read the sum before the others have added to it.
    const value = await call(item)
    sum += value
  })
  return sum
}
