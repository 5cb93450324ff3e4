import type { IndexedSpec } from '../protocol/indexed-spec.ts'
import { type Block, IndexedSource, type OpenedSource } from '../stream/indexed-source.ts'
import { BLOCK_BYTES, TextFile, TextPiece, describeFile } from './text-file.ts'

const LF = 10
const CR = 13

/**
 * The lines of a UTF-8 file, which the workers read themselves, each its own stretches of the file.
 *
 * Lines end with `\n` or `\r\n`, which is not part of them; so does a byte order mark at the beginning. An end of line at
 * the end of the file begins no other line. Index, length, progress and `chunk` count bytes: the index of a line is the
 * place of its first byte. A file that changes while it is read fails with `ERR_EISENMP_SOURCE`.
 *
 * @param file - Path, relative to the working directory, or `file:` URL.
 * @throws {@link EisenmpError} `ERR_EISENMP_SOURCE` when there is no such file.
 *
 * @example
 * ```ts
 * // file: text.worker.ts
 * export const isFilled = (line: string): boolean => line.trim() !== ''
 * ```
 * ```ts
 * import { createPool, lines } from 'eisenmp'
 * import type * as Text from './text.worker.ts'
 *
 * const file = new URL('./text.worker.ts', import.meta.url)
 * const pool = await createPool<typeof Text>({ modules: file, workers: 2 })
 * console.log(await pool.from(lines(file)).filter('isFilled').count())
 * await pool.close()
 * ```
 */
export function lines(file: string | URL): IndexedSource<string> {
  const spec = { kind: 'lines', file: describeFile(file) } as const
  return new IndexedSource({ spec, length: spec.file.size, open: () => openLines(spec) })
}

function readLines(file: TextFile, from: number, to: number): Block {
  const items: string[] = []
  const positions: number[] = []
  // A line belongs to where its first byte is; the byte before tells whether one begins right here.
  const piece = new TextPiece(file, Math.max(0, from - 1), to)
  let start = from
  if (from > 0) {
    const before = piece.bytes.indexOf(LF)
    if (before < 0) return { items, positions }
    start = piece.base + before + 1
  }
  while (start < to && start < file.size) {
    let at = piece.bytes.indexOf(LF, start - piece.base)
    while (at < 0 && !piece.isAtEnd) {
      const searched = piece.bytes.length
      piece.extend()
      at = piece.bytes.indexOf(LF, searched)
    }
    const end = at < 0 ? piece.end : piece.base + at
    const isWindows = at > 0 && end > start && piece.bytes[at - 1] === CR
    items.push(piece.slice(start, isWindows ? end - 1 : end))
    positions.push(start)
    start = end + 1
  }
  return { items, positions }
}

/** The worker's side of {@link lines}. */
export function openLines({ file: spec }: Extract<IndexedSpec, { readonly kind: 'lines' }>): OpenedSource {
  const file = new TextFile(spec)
  return {
    blockLength: BLOCK_BYTES,
    read: (from, to) => readLines(file, from, to),
    close: () => file.close(),
  }
}
