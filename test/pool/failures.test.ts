import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RejectCause, Rejection } from '../../src/dispatch/events.ts'
import { explainRejection } from '../../src/pool/failures.ts'
import { encodeError } from '../../src/protocol/wire-error.ts'

const death = { worker: '0.1', code: 7, signal: null, reason: 'its process exited with code 7', stderr: 'oh no' }
const item = { item: { n: 1 }, index: 12, ticket: { queue: 'stream-1', serial: 3 }, tasks: "'parse' → 'check'" }

function reject(cause: RejectCause, change: Partial<Rejection> = {}): Rejection {
  return { type: 'reject', job: 1, serial: 3, index: 0, cause, attempt: 2, worker: '0.1', deaths: [], ...change }
}

describe('explainRejection()', () => {
  it('carries the item, its place, and what the task threw', () => {
    const error = explainRejection(reject('task'), item, encodeError(new RangeError('no luck'), true))
    assert.deepEqual(
      { ...error },
      {
        code: 'ERR_EISENMP_TASK',
        item: { n: 1 },
        index: 12,
        ticket: { queue: 'stream-1', serial: 3 },
        attempt: 2,
        worker: '0.1',
      },
    )
    assert.equal(error.message, "Cannot take item 12 through 'parse' → 'check': no luck")
    assert.ok(error.cause instanceof RangeError)
    assert.match(error.cause.stack ?? '', /at \[worker 0\.1\]$/)
  })

  const texts: readonly (readonly [cause: RejectCause, change: Partial<Rejection>, code: string, text: RegExp])[] = [
    [
      'crash',
      { deaths: [death] },
      'ERR_EISENMP_CRASH',
      /: its worker died, last since its process exited with code 7; see 'deaths'$/,
    ],
    ['crash', { deaths: [death, death] }, 'ERR_EISENMP_CRASH', /: its worker died 2 times, last since/],
    [
      'timeout',
      {},
      'ERR_EISENMP_TIMEOUT',
      /within itemTimeoutMs: it ran longer; raise itemTimeoutMs or heed toolbox\.signal$/,
    ],
    [
      'unknown',
      { deaths: [death] },
      'ERR_EISENMP_OUTCOME_UNKNOWN',
      /its worker died and retries\.crash is 0, so it is not run again$/,
    ],
  ]
  for (const [cause, change, code, text] of texts) {
    it(`tells of ${cause} with ${change.deaths?.length ?? 0} deaths`, () => {
      const error = explainRejection(reject(cause, change), item, undefined)
      assert.equal(error.code, code)
      assert.match(error.message, text)
      assert.deepEqual(error.deaths, change.deaths)
      assert.ok(!Object.hasOwn(error, 'cause'))
    })
  }

  it('tells where a value could not cross', () => {
    for (const [cause, code] of [
      ['clone', 'ERR_EISENMP_CLONE'],
      ['size', 'ERR_EISENMP_SIZE'],
    ] as const) {
      const error = explainRejection(
        reject(cause, { worker: '' }),
        item,
        encodeError(new Error('item.f: a function'), true),
      )
      assert.equal(error.code, code)
      assert.match(error.message, /across the boundary: item\.f: a function$/)
      assert.ok(!Object.hasOwn(error, 'worker'))
    }
  })

  for (const [name, thrown, text] of [
    ['a text', 'out of luck', /: out of luck$/],
    ['undefined', undefined, /: a value was thrown: undefined$/],
    ['an object that cannot be printed', { toString: 5, valueOf: 5 }, /: a value was thrown: an object$/],
    ['an error without a message', new TypeError(), /: TypeError$/],
  ] as const) {
    it(`finds words for ${name}`, () => {
      assert.match(explainRejection(reject('task'), item, encodeError(thrown, true)).message, text)
    })
  }
})
