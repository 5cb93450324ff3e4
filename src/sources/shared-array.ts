import type { IndexedSpec } from '../protocol/indexed-spec.ts'
import { IndexedSource, type OpenedSource } from '../stream/indexed-source.ts'
import { BLOCK_LENGTH } from './block-length.ts'

/** Makes an indexed source of a typed array in shared memory; `undefined` for anything else. */
export function fromSharedArray(source: unknown): IndexedSource<unknown> | undefined {
  if (!ArrayBuffer.isView(source) || source instanceof DataView) return undefined
  if (!(source.buffer instanceof SharedArrayBuffer)) return undefined
  const array = source as unknown as ArrayLike<unknown>
  const spec = { kind: 'array', array } as const
  return new IndexedSource({ spec, length: array.length, open: () => openArray(spec) })
}

/** The worker's side: reads the very memory that the program has. */
export function openArray({ array }: Extract<IndexedSpec, { readonly kind: 'array' }>): OpenedSource {
  return {
    blockLength: BLOCK_LENGTH,
    read: (from, to) => ({ items: Array.prototype.slice.call(array, from, to) }),
    close() {},
  }
}
