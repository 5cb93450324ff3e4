import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type OpenFeed, openFeed } from '../../src/pool/feed.ts'
import { checkStreamOptions } from '../../src/pool/stream-options.ts'
import type { Program } from '../../src/protocol/messages.ts'
import { range } from '../../src/sources/range.ts'
import type { Source } from '../../src/stream/source.ts'

const host = { countWorkers: () => 1, hasIdleWorker: () => false, isPortable: false, now: () => 0 }

function open(source: Source<unknown>, options: unknown = {}, sink: Program['sink'] = { kind: 'values' }): OpenFeed {
  return openFeed(source, { stages: [], sink }, checkStreamOptions('from()', options, 1), host)
}

/** Size of the chunks when an item takes next to no time. */
function sizeOf({ sizer }: OpenFeed): number {
  sizer.observe(1, 1e-9)
  for (let i = 0; i < 10; i++) sizer.next(undefined)
  return sizer.next(undefined)
}

it('tells indexed sources from others', () => {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  for (const source of [range(0, 3), shared]) assert.ok(open(source).indexed !== undefined)
  for (const source of [[1], new Int32Array(2), new Set([1])]) assert.equal(open(source).indexed, undefined)
  const portable = { ...host, isPortable: true }
  const program = { stages: [], sink: { kind: 'values' } } as const
  assert.equal(openFeed(shared, program, checkStreamOptions('from()', {}, 1), portable).indexed, undefined)
})

it('lets chunks grow further where no item travels', () => {
  assert.equal(sizeOf(open([1])), 10_000)
  assert.equal(sizeOf(open(range(0, 1e9))), 65_536)
  assert.equal(sizeOf(open(range(0, 1e9), {}, { kind: 'count' })), 10_000_000)
  assert.equal(sizeOf(open(range(0, 1e9), { chunk: { maxItems: 10_000 } }, { kind: 'count' })), 10_000)
})

it('says what an iterable throws when it is opened', () => {
  const source = {
    [Symbol.iterator](): Iterator<number> {
      throw new RangeError('locked')
    },
  }
  assert.throws(() => open(source), { code: 'ERR_EISENMP_SOURCE', message: /locked/ })
})
