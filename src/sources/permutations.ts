import { EisenmpError } from '../errors.ts'
import { type OptionTable, checkOptions, showValue } from '../options.ts'
import type { IndexedSpec } from '../protocol/indexed-spec.ts'
import { IndexedSource, type OpenedSource } from '../stream/indexed-source.ts'
import { countArrangements, stepOn, toMultiset, unrank } from './arrangements.ts'
import { BLOCK_LENGTH } from './block-length.ts'

/** Options of {@link permutations}. */
export interface PermutationsOptions {
  /**
   * The first arrangement, by its place in the order.
   *
   * @defaultValue 0
   */
  readonly from?: number | bigint
  /**
   * The place behind the last one.
   *
   * @defaultValue the number of all arrangements
   */
  readonly to?: number | bigint
}

const place = {
  expected: 'a whole number or a bigint, from 0',
  accepts: (value: unknown): boolean =>
    typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && (value as number) >= 0,
}
const table: OptionTable = { from: place, to: place }

function toLength(count: bigint): number | bigint {
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : count
}

/**
 * All distinct arrangements of a word's letters, as strings, which the workers make themselves.
 *
 * Letters are code points, ordered by their number, so the order is the same everywhere: `aab`, `aba`, `baa`. Letters that
 * are alike are not told apart. Counting is exact for any length; one beyond 2^53 - 1 is a bigint, and such a source is
 * read from its beginning or, with `from` and `to`, from any place.
 *
 * @param word - Its letters, in any order. An empty word has one arrangement: itself.
 * @param options - See {@link PermutationsOptions}.
 * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` when the word is no string, or for a wrong option.
 *
 * @example
 * ```ts
 * // file: words.worker.ts
 * const words = new Set(['stop', 'pots', 'tops', 'spot'])
 * export const isWord = (text: string): boolean => words.has(text)
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createPool, permutations } from 'eisenmp'
 * import type * as Words from './words.worker.ts'
 *
 * const pool = await createPool<typeof Words>({ modules: new URL('./words.worker.ts', import.meta.url), workers: 2 })
 * const found = await pool.from(permutations('post')).filter('isWord').toArray()
 * assert.deepEqual(found, ['pots', 'spot', 'stop', 'tops'])
 * await pool.close()
 * ```
 */
export function permutations(word: string, options: PermutationsOptions = {}): IndexedSource<string> {
  if (typeof word !== 'string') {
    const text = `Cannot arrange ${showValue(word)}: it is no string; join the letters first`
    throw new EisenmpError('ERR_EISENMP_OPTION', text)
  }
  const { from = 0, to } = checkOptions('permutations()', options, table) as PermutationsOptions
  const { symbols, counts } = toMultiset(word)
  const all = countArrangements(counts)
  const end = to === undefined || BigInt(to) > all ? all : BigInt(to)
  const first = BigInt(from)
  const length = toLength(end > first ? end - first : 0n)
  const spec = { kind: 'permutations', symbols, counts, first } as const
  return new IndexedSource({ spec, length, open: () => openPermutations(spec) })
}

/** Letters at the end that change with nearly every step. */
const TAIL = 3

/** The worker's side of {@link permutations}: the first of a stretch is found by its index, the others by stepping on. */
export function openPermutations(spec: Extract<IndexedSpec, { readonly kind: 'permutations' }>): OpenedSource {
  const { symbols, counts, first } = spec
  const kinds = symbols.length
  const tails: string[] = []
  let ranks: number[] = []
  let next = -1
  let head = ''
  const readHead = (): void => {
    head = ranks.slice(0, -TAIL).reduce((text, rank) => text + symbols[rank]!, '')
  }
  const readTail = (): string => {
    let key = 0
    for (let i = Math.max(0, ranks.length - TAIL); i < ranks.length; i++) key = key * kinds + ranks[i]!
    return (tails[key] ??= ranks.slice(-TAIL).reduce((text, rank) => text + symbols[rank]!, ''))
  }
  return {
    blockLength: BLOCK_LENGTH,
    read(from, to) {
      if (from !== next) {
        ranks = unrank(counts, first + BigInt(from))
        readHead()
      }
      const items: string[] = []
      const tailStart = ranks.length - TAIL
      for (let i = from; i < to; i++) {
        items.push(head + readTail())
        if (stepOn(ranks) < tailStart) readHead()
      }
      next = to
      return { items }
    },
    close() {},
  }
}
