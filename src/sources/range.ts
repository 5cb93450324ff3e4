import { EisenmpError } from '../errors.ts'
import { showValue } from '../options.ts'
import type { IndexedSpec } from '../protocol/indexed-spec.ts'
import { IndexedSource, type OpenedSource, type Progression } from '../stream/indexed-source.ts'
import { BLOCK_LENGTH } from './block-length.ts'

function check(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const text = `Cannot make a range with ${name} ${showValue(value)}; give a finite number`
  throw new EisenmpError('ERR_EISENMP_OPTION', text)
}

/**
 * The numbers from `start` up to, not including, `end`, which the workers make themselves.
 *
 * Item `i` is `start + i * step`, so that steps such as 0.1 gather no error. Where the step leads away from `end`, the
 * range is empty.
 *
 * @param start - The first number.
 * @param end - Not included.
 * @param step - From one number to the next; negative counts down.
 * @defaultValue `step`: 1
 * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` when a number is not finite, or `step` is 0.
 *
 * @example
 * ```ts
 * // file: primes.worker.ts
 * export function isPrime(n: number): boolean {
 *   for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
 *   return n > 1
 * }
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createPool, range } from 'eisenmp'
 * import type * as Primes from './primes.worker.ts'
 *
 * const pool = await createPool<typeof Primes>({ modules: new URL('./primes.worker.ts', import.meta.url), workers: 2 })
 * assert.equal(await pool.from(range(1, 1000)).filter('isPrime').count(), 168)
 * await pool.close()
 * ```
 */
export function range(start: number, end: number, step = 1): IndexedSource<number> {
  check('start', start)
  check('end', end)
  if (check('step', step) === 0) throw new EisenmpError('ERR_EISENMP_OPTION', 'Cannot make a range with step 0')
  const length = Math.max(0, Math.ceil((end - start) / step))
  if (!Number.isSafeInteger(length)) {
    const text = `Cannot make a range of ${length} numbers; at most 2^53 - 1 can be counted`
    throw new EisenmpError('ERR_EISENMP_OPTION', text)
  }
  const spec = { kind: 'range', start, step } as const
  return new IndexedSource({ spec, length, open: () => openRange(spec) })
}

/** The worker's side of {@link range}. */
export function openRange({ start, step }: Extract<IndexedSpec, { readonly kind: 'range' }>): OpenedSource {
  // Reused: an item is a number, so nothing is seen of the next block.
  const items: number[] = []
  /** Adding is exact for whole numbers only, as long as they are not too large. */
  const progress = (from: number, to: number): Progression | undefined => {
    const first = start + from * step
    const isExact = [start, step, first, start + to * step].every(Number.isSafeInteger)
    return isExact ? { first, step } : undefined
  }
  return {
    blockLength: BLOCK_LENGTH,
    progress,
    read(from, to) {
      const count = to - from
      if (items.length !== count) items.length = count
      if (progress(from, to) !== undefined) {
        let n = start + from * step
        for (let i = 0; i < count; i++, n += step) items[i] = n
      } else for (let i = 0; i < count; i++) items[i] = start + (from + i) * step
      return { items }
    },
    close() {},
  }
}
