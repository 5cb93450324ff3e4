import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { RefusedValue } from '../../src/codec/refused-value.ts'
import { MAX_DEPTH, snapshot } from '../../src/codec/snapshot.ts'

interface Limits {
  readonly portable?: boolean
  readonly maxBytes?: number
}

function refuse(value: unknown, { portable = false, maxBytes }: Limits = {}): RefusedValue {
  try {
    snapshot(value, { root: 'item', portable, ...(maxBytes === undefined ? {} : { maxBytes }) })
  } catch (error) {
    assert.ok(error instanceof RefusedValue, String(error))
    return error
  }
  return assert.fail('it was taken')
}

function nest(depth: number): unknown {
  let value: unknown = 'ground'
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { v: value }
  return value
}

function collectArguments(..._args: number[]): unknown {
  return arguments
}

const secret = (): void => {}

/** Refused wherever it is sent; what the reason must name. */
const everywhere: readonly (readonly [name: string, value: unknown, reason: RegExp])[] = [
  ['a function', secret, /function secret/],
  [
    'a class',
    class Account {
      x = 1
    },
    /function Account/,
  ],
  ['a symbol', Symbol('s'), /symbol/],
  ['a boxed symbol', Object(Symbol('s')), /cannot be copied/],
  ['a Proxy', new Proxy({}, {}), /Proxy/],
  ['a Proxy that throws', new Proxy({}, { ownKeys: () => assert.fail('it was asked') }), /Proxy/],
  ['a URL', new URL('http://a.b'), /an instance of URL cannot be copied/],
  ['a Promise', Promise.resolve(1), /cannot be copied/],
  ['a generator', (function* () {})(), /cannot be copied/],
  ['an iterator', [1].values(), /cannot be copied/],
  ['a WeakMap', new WeakMap(), /cannot be copied/],
  ['a WeakRef', new WeakRef({}), /cannot be copied/],
  ['arguments', collectArguments(1), /arguments/],
  ['an Intl formatter', new Intl.NumberFormat('en'), /cannot be copied/],
  ['a port', new MessageChannel().port1, /./],
  ['a stream', new ReadableStream(), /./],
]

/** Alive in one process only. */
const local: readonly (readonly [name: string, value: unknown, reason: RegExp])[] = [
  ['shared memory', new SharedArrayBuffer(8), /SharedArrayBuffer cannot leave its process/],
  ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(8)), /shared memory cannot leave its process/],
  ['a Blob', new Blob(['a']), /Blob cannot leave its process; send its data instead/],
  ['a key', createSecretKey(Buffer.from('k')), /cannot leave its process/],
  ['a DOMException', new DOMException('m', 'AbortError'), /DOMException cannot leave its process/],
]

describe('snapshot() refuses', () => {
  for (const [name, value, reason] of everywhere) {
    for (const portable of [true, false]) {
      it(`${name}, with its path (portable: ${portable})`, () => {
        const bare = refuse(value, { portable })
        assert.equal(bare.why, 'clone')
        assert.match(bare.message, reason)
        assert.ok(bare.message.startsWith('item: '), bare.message)
        const inside = refuse({ rows: [0, 'a', { 'the key': value }] }, { portable })
        assert.ok(inside.message.startsWith('item.rows[2]["the key"]: '), inside.message)
      })
    }
  }

  for (const [name, value, reason] of local) {
    it(`${name} where it would have to leave the process, and takes it elsewhere`, () => {
      const error = refuse({ deep: [value] }, { portable: true })
      assert.match(error.message, reason)
      assert.ok(error.message.startsWith('item.deep[0]: '), error.message)
      assert.doesNotThrow(() => snapshot({ deep: [value] }, { root: 'item', portable: false }))
    })
  }

  it('what stands beside a value that only structured clone knows', () => {
    const value = { when: new Date(), rows: [{ ok: 1 }, { bad: secret }] }
    assert.match(refuse(value).message, /^item\.rows\[1\]\.bad: /)
    assert.match(refuse([new Map([[1, new SharedArrayBuffer(1)]])], { portable: true }).message, /^item\[0\]\[0\]: /)
    assert.match(
      refuse([new Error('x', { cause: { blob: new Blob([]) } })], { portable: true }).message,
      /^item\[0\]\.cause\.blob: /,
    )
  })

  it('what is nested deeper than every receiver can read', () => {
    assert.doesNotThrow(() => snapshot(nest(MAX_DEPTH), { root: 'item', portable: true }))
    for (const depth of [MAX_DEPTH + 1, 1001, 20_000]) {
      const error = refuse(nest(depth))
      assert.match(error.message, /nested deeper than 1000 levels$/)
      // The path stays readable.
      assert.ok(error.message.length < 400, String(error.message.length))
    }
    const cloned = refuse({ when: new Date(), deep: nest(1000) })
    assert.match(cloned.message, /^item\.deep.*nested deeper than 1000 levels$/)
  })

  it('what is larger than the limit, before anything else is copied', () => {
    assert.doesNotThrow(() => snapshot('a'.repeat(992), { root: 'item', portable: true, maxBytes: 1000 }))
    for (const value of ['a'.repeat(993), new Uint8Array(1001), new ArrayBuffer(1001), Array(200).fill('aa')]) {
      const error = refuse({ rows: [value] }, { maxBytes: 1000 })
      assert.equal(error.why, 'size')
      assert.match(error.message, /^item\.rows\[0\].* is over the limit of 1000 bytes for one item; split it/)
    }
  })

  it('what throws while it is read, and names the place and the error', () => {
    const fault = new RangeError('no luck')
    const throwing = (thrown: unknown): object =>
      Object.defineProperty({}, 'luck', {
        enumerable: true,
        get() {
          throw thrown
        },
      })
    const error = refuse({ rows: [throwing(fault)] })
    assert.equal(error.message, 'item.rows[0].luck: reading it threw RangeError: no luck')
    assert.equal(error.cause, fault)
    assert.match(refuse([throwing(Object.create(null))]).message, /^item\[0\]\.luck: reading it threw an object$/)
    assert.match(refuse([new Date(), throwing('text')]).message, /^item\[1\]\.luck: reading it threw text$/)
  })

  it('a view whose memory was transferred elsewhere', () => {
    const view = Uint8Array.of(1)
    structuredClone(view, { transfer: [view.buffer] })
    assert.match(refuse({ view }).message, /^item\.view: its memory was transferred elsewhere$/)
  })
})
