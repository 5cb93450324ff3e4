import assert from 'node:assert/strict'
import { EisenmpError, type EisenmpErrorCode, type Pool } from '../../../src/index.ts'
import type * as Values from '../../fixtures/values.worker.ts'
import { assertSameGraph } from '../../support/same-graph.ts'
import type { Row } from '../row.ts'
import { newPath, valuesUrl } from '../scene.ts'

const everywhere = ['threads', 'processes', 'inline'] as const

function nest(depth: number): object {
  let value = {}
  for (let i = 0; i < depth; i++) value = { inner: value }
  return value
}

function makeCycle(): object {
  const value: { self?: object; list: object[] } = { list: [] }
  value.self = value
  value.list.push(value)
  return value
}

function makeSparse(): unknown[] {
  const value: unknown[] = [1]
  value[5] = undefined
  return Object.assign(value, { named: 'too' })
}

const bytes = new Uint8Array(100).map((_, i) => i)
const shared = { x: 1 }

/** What structured clone makes of it is what arrives, both ways. */
const exact: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  numbers: [0, -0, Number.NaN, Infinity, -Infinity, 2 ** 53, 5e-324],
  bigints: [0n, -(2n ** 70n)],
  strings: ['', '\u0000', '\ud800 lone', '𝄞', 'x'.repeat(100_000)],
  boxed: [new Object(1), new Object('s'), new Object(false), new Object(7n)],
  dates: [new Date(0), new Date(Number.NaN)],
  regExp: /a+(?<name>b)/giu,
  map: new Map<unknown, unknown>([
    [Number.NaN, 1],
    [{ key: 1 }, new Map([[1, 2]])],
  ]),
  set: new Set<unknown>([1, 'a', new Set([2])]),
  cycle: makeCycle(),
  sharedReference: { a: shared, b: [shared, shared] },
  sparse: makeSparse(),
  ownProto: JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  nested: nest(900),
  arrayBuffer: bytes.slice().buffer,
  typedArrays: [new Float64Array([1.5, -0]), new BigInt64Array([-1n]), new Uint8ClampedArray([300]), new Int16Array(0)],
  view: bytes.subarray(10, 20),
  dataView: new DataView(bytes.slice().buffer, 3, 4),
  error: new RangeError('as a value', { cause: 'why' }),
}

function assertSame(name: string, actual: unknown, expected: unknown): void {
  try {
    assertSameGraph(actual, expected)
  } catch (error) {
    throw new Error(name, { cause: error })
  }
}

interface Refusal {
  readonly value: () => unknown
  readonly says: RegExp
  readonly code?: EisenmpErrorCode
  readonly on?: readonly string[]
}

/** What cannot travel is refused before it is sent, with its path. */
const refused: Readonly<Record<string, Refusal>> = {
  function: { value: () => ({ rows: [1, { call: () => 1 }] }), says: /item\.rows\[1\]\.call: function call/ },
  symbol: { value: () => [Symbol('odd')], says: /item\[0\]: a symbol/ },
  proxy: { value: () => ({ p: new Proxy([], {}) }), says: /item\.p: a Proxy/ },
  promise: { value: () => ({ later: Promise.resolve(1) }), says: /item\.later/ },
  weakRef: { value: () => ({ weak: new WeakRef({}) }), says: /item\.weak/ },
  generator: { value: () => [(function* () {})()], says: /item\[0\]/ },
  url: { value: () => ({ where: new URL('http://localhost/') }), says: /item\.where/ },
  arguments: {
    value: () => ({
      all: (function (..._all: unknown[]) {
        return arguments
      })(1),
    }),
    says: /item\.all: an arguments/,
  },
  throwingGetter: {
    value: () => ({
      rows: [
        {
          get when() {
            throw new Error('from a getter')
          },
        },
      ],
    }),
    says: /item\.rows\[0\]\.when: reading it threw Error: from a getter/,
  },
  deepObject: { value: () => nest(20_000), says: /nested deeper than \d+ levels/ },
  tooDeepByOne: { value: () => nest(1001), says: /nested deeper than 1000 levels/ },
  deepMap: {
    value: () => {
      let value = new Map<number, unknown>()
      for (let i = 0; i < 20_000; i++) value = new Map([[1, value]])
      return { value }
    },
    says: /item/,
  },
  detached: {
    value: () => {
      const view = new Uint8Array(8)
      structuredClone(view, { transfer: [view.buffer] })
      return { view }
    },
    says: /item\.view/,
  },
  huge: { value: () => new Uint8Array(256 * 1024 * 1024 + 1), says: /over the limit/, code: 'ERR_EISENMP_SIZE' },
  hugeInParts: {
    value: () => Array.from({ length: 5 }, () => 'x'.repeat(64 * 1024 * 1024)),
    says: /item\[4\] is over the limit|over the limit/,
    code: 'ERR_EISENMP_SIZE',
  },
  sharedMemory: { value: () => new Int32Array(new SharedArrayBuffer(8)), says: /shared memory/, on: ['processes'] },
  blob: { value: () => ({ blob: new Blob(['x']) }), says: /item\.blob: an instance of Blob/, on: ['processes'] },
}

/** Results by name, see the fixture. */
const refusedResults: Readonly<Record<string, RegExp>> = {
  function: /result\.rows\[0\]\.call/,
  symbol: /result\[0\]/,
  proxy: /result\.rows: a Proxy/,
  promise: /result\.later/,
  weakMap: /result/,
  generator: /result\.all/,
  url: /result\.where/,
  method: /result\.run/,
  throwingGetter: /result\.rows\[0\]\.when: reading it threw/,
  deepObject: /nested deeper/,
  deepArray: /nested deeper/,
  deepMap: /result/,
  huge: /over the limit/,
}

async function expectRefusal(
  name: string,
  code: EisenmpErrorCode,
  says: RegExp,
  call: Promise<unknown>,
): Promise<void> {
  const error: unknown = await call.then(
    () => assert.fail(`'${name}' was not refused`),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error, code), `'${name}': ${String(error)}`)
  assert.match(error.message, says, name)
}

function openValues(scene: { open<M>(options: object): Promise<Pool<M>> }): Promise<Pool<typeof Values>> {
  return scene.open<typeof Values>({ modules: valuesUrl, workers: 1 })
}

export const valueRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'what structured clone makes of a value arrives, both ways',
    covers: ['P17'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      for (const [name, value] of Object.entries(exact)) {
        assertSame(name, await pool.run('echo', value), structuredClone(value))
      }
      // One by one in a call, together in a stream.
      const all = await pool.from(Object.values(exact)).map('echo').toArray()
      assertSame('all', all, structuredClone(Object.values(exact)))
      const polluted = (await pool.run('echo', exact['ownProto'])) as { polluted?: unknown }
      assert.equal(polluted.polluted, undefined)
    },
  },
  {
    kind: 'script',
    name: 'an item that cannot travel is refused with its path, nothing is sent',
    covers: ['F17', 'F24', 'F18', 'P17', 'P20'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      for (const [name, { value, says, code = 'ERR_EISENMP_CLONE', on }] of Object.entries(refused)) {
        if (on !== undefined && !on.includes(scene.backend)) continue
        await expectRefusal(name, code, says, pool.run('echo', value()))
      }
      const { attempts } = pool.stats()
      assert.equal(attempts, 0)
      assert.equal(await pool.run('echo', 1), 1)
      assert.equal(scene.starts, 1)
    },
  },
  {
    kind: 'script',
    name: 'refused items of a stream are dead letters in their place, the others arrive',
    covers: ['F17', 'P1', 'P17'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      const seen: unknown[] = []
      const items: unknown[] = [1, () => 1, 3, nest(20_000), 5, Symbol('s')]
      const onError = (letter: EisenmpError): void => void seen.push(`${letter.index} ${letter.code}`)
      for await (const value of pool.from(items, { onError, chunk: 2 }).map('echo')) seen.push(value)
      assert.deepEqual(seen, [1, '1 ERR_EISENMP_CLONE', 3, '3 ERR_EISENMP_CLONE', 5, '5 ERR_EISENMP_CLONE'])
    },
  },
  {
    kind: 'script',
    name: 'a result that cannot travel fails its item with the path, the worker works on',
    covers: ['F18', 'F24', 'P17', 'P20', 'P13'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      for (const [name, says] of Object.entries(refusedResults)) {
        const code = name === 'huge' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
        await expectRefusal(name, code, says, pool.run('giveValue', name))
      }
      if (scene.backend === 'processes') {
        await expectRefusal('shared', 'ERR_EISENMP_CLONE', /shared memory/, pool.run('giveValue', 'shared'))
        await expectRefusal('blob', 'ERR_EISENMP_CLONE', /result: an instance of Blob/, pool.run('giveValue', 'blob'))
      }
      assert.equal(await pool.run('echo', 1), 1)
      assert.equal(scene.starts, 1)
    },
  },
  {
    kind: 'script',
    name: 'an object with a bad then() of its own settles its item once',
    covers: ['P1', 'F18'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      const names = ['twice', 'both', 'late', 'throwingAfter']
      assert.deepEqual(
        await pool.from(names, { chunk: 4 }).map('giveThenable').toArray(),
        names.map(() => 'first'),
      )
      await expectRefusal('throwing', 'ERR_EISENMP_TASK', /from then/, pool.run('giveThenable', 'throwing'))
      assert.equal(scene.starts, 1)
    },
  },
  {
    kind: 'script',
    name: 'bytes that arrive are their own, bytes that are sent stay',
    covers: ['P18', 'F27'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      const view = bytes.subarray(10, 20)
      const pooled = Buffer.from('a small piece of a pool')
      const twice = new Uint8Array([1, 2, 3])
      assert.deepEqual(await pool.run('measure', view), { length: 10, bufferLength: 10, sum: 145 })
      assert.equal((await pool.run('measure', pooled)).bufferLength, pooled.byteLength)
      for (const name of ['part', 'pooledBuffer']) {
        const result = (await pool.run('giveValue', name)) as Uint8Array
        assert.equal(result.buffer.byteLength, result.byteLength, name)
        assert.equal(result.constructor, Uint8Array, name)
      }
      assert.deepEqual(await pool.run('echo', [twice, twice]), [twice, twice])
      assert.equal(bytes.byteLength, 100)
      assert.equal(pooled.toString(), 'a small piece of a pool')
    },
  },
  {
    kind: 'script',
    name: 'an item is copied when it is given: later changes do not travel, a retry has the same bytes',
    covers: ['P18', 'F27', 'P2'],
    on: ['threads', 'processes'],
    async run(scene) {
      const pool = await scene.open({ workers: 1 })
      const payload = new Uint8Array(200_000).fill(7)
      const item = { id: 5, do: 'exit', at: 'middle', once: newPath(), payload }
      const done = pool.run('act', item)
      item.id = 6
      payload.fill(0)
      assert.deepEqual(await done, { id: 5 })
      assert.equal(payload.byteLength, 200_000)
    },
  },
  {
    kind: 'script',
    name: '8 MB there and back; a config that cannot travel is refused at the start',
    covers: ['F24', 'P17', 'F12'],
    on: everywhere,
    async run(scene) {
      const pool = await openValues(scene)
      const big = new Uint8Array(8 * 1024 * 1024).map((_, i) => i)
      assert.ok(Buffer.from((await pool.run('echo', big)) as Uint8Array).equals(big))
      const opening = scene.open({ modules: valuesUrl, config: { log: console.log } })
      await expectRefusal('config', 'ERR_EISENMP_CLONE', /config\.log: function/, opening)
      assert.equal(scene.starts, 1)
    },
  },
]
