import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { type BackendName, EisenmpError, type Pool, createPool } from '../../src/index.ts'
import type * as Tasks from '../fixtures/tasks.worker.ts'
import { cloneableValue } from '../support/cloneable-values.ts'
import { chunk } from '../support/chunk-values.ts'
import { assertSameGraph } from '../support/same-graph.ts'
import { thrownCases } from '../support/thrown-values.ts'

const modules = new URL('../fixtures/tasks.worker.ts', import.meta.url)

function nest(depth: number): unknown {
  let value: unknown = 'ground'
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

/** Items that are refused before they are sent, on every backend, with the path of what is refused. */
const refused: readonly (readonly [name: string, item: unknown, code: string, text: RegExp])[] = [
  ['a function', { rows: [{ done: () => {} }] }, 'ERR_EISENMP_CLONE', /: item\.rows\[0\]\.done: function done cannot/],
  ['a symbol', [Symbol('s')], 'ERR_EISENMP_CLONE', /: item\[0\]: a symbol cannot/],
  ['a URL', { url: new URL('a:b') }, 'ERR_EISENMP_CLONE', /: item\.url: an instance of URL cannot/],
  ['a promise', { later: Promise.resolve(1) }, 'ERR_EISENMP_CLONE', /: item\.later: an instance of Promise cannot/],
  ['a Proxy', new Proxy({}, {}), 'ERR_EISENMP_CLONE', /: item: a Proxy cannot/],
  ['1001 levels', nest(1001), 'ERR_EISENMP_CLONE', /nested deeper than 1000 levels/],
  ['20,000 levels', nest(20_000), 'ERR_EISENMP_CLONE', /nested deeper than 1000 levels/],
  [
    '257 MB',
    new Uint8Array(257 * 2 ** 20),
    'ERR_EISENMP_SIZE',
    /: item is over the limit of 268435456 bytes for one item/,
  ],
]

/** What crosses the boundary, both ways, and what does not. */
export function valuesContract(backend: BackendName): void {
  describe(`values of a pool of ${backend}`, () => {
    let pool: Pool<typeof Tasks>
    before(async () => {
      pool = await createPool<typeof Tasks>({ modules, backend, workers: 2 })
    })
    after(() => pool.close())

    it('arrive as structuredClone makes them, there and back', async (t) => {
      const seed = Number(process.env['EISENMP_TEST_SEED'] ?? Date.now() % 2 ** 31)
      t.diagnostic(`EISENMP_TEST_SEED=${seed}`)
      const values = fc.sample(cloneableValue, { numRuns: 150, seed })
      // The expectation first: an item is read when it is wanted.
      const expected = values.map((value) => structuredClone(structuredClone(value)))
      let index = 0
      for await (const arrived of pool.from(values).map('echo')) assertSameGraph(arrived, expected[index++])
      assert.equal(index, values.length)
    })

    it('arrive as structuredClone makes them when their chunk is of one kind', async (t) => {
      const seed = Number(process.env['EISENMP_TEST_SEED'] ?? Date.now() % 2 ** 31)
      t.diagnostic(`EISENMP_TEST_SEED=${seed}`)
      const chunks = fc.sample(chunk, { numRuns: 150, seed }).filter((values) => values.length > 0)
      // By item: what items share with each other is not kept.
      const expected = chunks.map((values) => values.map((value) => structuredClone(value)))
      for (const [index, values] of chunks.entries()) {
        const arrived = await pool.from(values, { chunk: values.length }).map('echo').toArray()
        assert.equal(arrived.length, values.length)
        for (const [at, value] of arrived.entries()) assertSameGraph(value, structuredClone(expected[index]![at]))
      }
    })

    it('share what they share within one item, and nothing between items', async () => {
      const shared = { n: 1 }
      const [first, second] = (await pool
        .from([[shared, shared], shared], { chunk: 2 })
        .map('echo')
        .toArray()) as [object[], object]
      assert.equal(first[0], first[1])
      assert.notEqual(first[0], second)
    })

    it('are what they were when they were read, though the source uses one object again and again', async () => {
      function* reuse(): Generator<{ n: number }, void, undefined> {
        const item = { n: 0 }
        for (; item.n < 20; item.n++) yield item
      }
      assert.deepEqual(
        await pool.from(reuse(), { chunk: 7 }).map('echo').toArray(),
        Array.from({ length: 20 }, (_, n) => ({ n })),
      )
    })

    it('leave the inputs attached, and bring bytes of their own', async () => {
      const whole = Buffer.from('only the middle of this')
      const part = whole.subarray(5, 8)
      const [echoed] = (await pool.from([part]).map('echo').toArray()) as [Uint8Array]
      const made = await pool.run('givePart', 7)
      assert.equal(Buffer.from(echoed).toString(), 'the')
      assert.deepEqual([...made], [7, 7])
      for (const { buffer, byteLength, constructor } of [echoed, made]) {
        assert.equal(buffer.byteLength, byteLength)
        assert.equal(constructor, Uint8Array)
      }
      assert.equal(whole.toString(), 'only the middle of this')
      const { buffer } = new Uint8Array(10)
      await pool.run('echo', buffer)
      assert.equal(buffer.byteLength, 10)
    })

    for (const [name, item, code, text] of refused) {
      it(`are refused before they are sent: ${name}`, async () => {
        const sent = pool.stats().attempts
        const letters: EisenmpError[] = []
        const options = { onError: (letter: EisenmpError) => void letters.push(letter) }
        assert.deepEqual(await pool.from([1, item, 3], options).map('echo').toArray(), [1, 3])
        await assert.rejects(pool.run('echo', item), (error: unknown) => letters.push(error as EisenmpError) > 0)
        assert.equal(letters.length, 2)
        for (const letter of letters) {
          assert.ok(EisenmpError.is(letter))
          assert.equal(letter.code, code)
          assert.match(letter.message, text)
          assert.equal(letter.item, item)
        }
        assert.equal(letters[0]?.index, 1)
        assert.equal(pool.stats().attempts, sent + 2)
      })
    }

    for (const kind of ['function', 'symbol', 'url', 'promise', 'proxy', 'deep', 'getter']) {
      it(`are refused as results, the worker lives on: ${kind}`, async () => {
        const workers = pool.stats().workers.map(({ id }) => id)
        await assert.rejects(pool.run('giveRefused', kind), (error: unknown) => {
          assert.ok(EisenmpError.is(error, 'ERR_EISENMP_CLONE'))
          assert.match(error.message, /: result\.rows\[1\]\.value/)
          return true
        })
        const options = { chunk: 3, onError: 'skip' } as const
        assert.equal(await pool.from([kind, 'fine', kind], options).map('giveRefused').count(), 3)
        assert.equal((await pool.from([kind, 'fine', kind], options).map('giveRefused').toArray()).length, 1)
        assert.deepEqual(
          pool.stats().workers.map(({ id }) => id),
          workers,
        )
      })
    }

    it('that cannot be a partial result fail the items they are of', async () => {
      const letters: string[] = []
      const options = {
        chunk: 2,
        onError: (letter: EisenmpError) => void letters.push(`${letter.code} ${letter.index}`),
      }
      const stream = pool.from(['function', 'url'], options).map('giveRefused') as ReturnType<Pool['from']>
      assert.equal(await stream.reduce('echo', 'nothing'), 'nothing')
      assert.deepEqual(letters, ['ERR_EISENMP_CLONE 0', 'ERR_EISENMP_CLONE 1'])
    })

    it('that are thrown arrive with class, code, fields, causes and members', async () => {
      const letters: EisenmpError[] = []
      const options = { chunk: 5, onError: (letter: EisenmpError) => void letters.push(letter) }
      await pool.from(thrownCases.keys(), options).map('throwCase').toArray()
      assert.equal(letters.length, thrownCases.length)
      for (const [index, { name, check }] of thrownCases.entries()) {
        const letter = letters[index]!
        assert.deepEqual(
          [letter.code, letter.item, letter.index, letter.attempt],
          ['ERR_EISENMP_TASK', index, index, 1],
          name,
        )
        assert.equal(letter.ticket?.serial, Math.floor(index / 5))
        assert.match(letter.worker ?? '', /^[01]\.1$/)
        assert.ok(Object.hasOwn(letter, 'cause'), name)
        check(letter.cause)
      }
      assert.equal(await pool.run('double', 2), 4)
    })
  })
}
