import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import {
  type BackendName,
  type Pool,
  type PoolOptions,
  type TableValue,
  type TypedArray,
  createPool,
  tool,
} from '../../src/index.ts'
import { catchError } from './pool-contract.ts'
import type * as Tasks from '../fixtures/tools.worker.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const modules = new URL('../fixtures/tools.worker.ts', import.meta.url)
/** Texts that are easily lost on the way. */
const oddTexts = [
  '',
  ' ',
  '\0',
  '\n',
  '__proto__',
  'constructor',
  'ä',
  'ÿ',
  'Ā',
  '\ud800',
  '\udfff',
  '\ufffd',
  '\ud800a',
  '😀',
  '\udc00\ud800',
  'x'.repeat(5000),
  'ж'.repeat(70_000),
  `${'y'.repeat(1_000_000)}1`,
  `${'y'.repeat(1_000_000)}2`,
]

type Tools = NonNullable<PoolOptions['tools']>

/** What tools do alike on every backend. */
export function toolsContract(backend: BackendName): void {
  const folder = new TempFolder()
  after(() => folder.remove())

  async function use<T>(tools: Tools, action: (pool: Pool<typeof Tasks>) => Promise<T>): Promise<T> {
    const pool = await createPool<typeof Tasks>({ modules, backend, workers: 1, tools })
    try {
      return await action(pool)
    } finally {
      await pool.close()
    }
  }

  describe(`tools in ${backend}`, () => {
    it('has arrays of every type', async () => {
      const classes = [
        Int8Array,
        Uint8Array,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
      ]
      const arrays: Record<string, TypedArray> = {}
      for (const Class of classes) arrays[Class.name] = new Class(Array.from({ length: 5000 }, (_, i) => i * 3 - 100))
      arrays['BigInt64Array'] = BigInt64Array.from({ length: 700 }, (_, i) => -(BigInt(i) ** 5n))
      await use(arrays, async (pool) => {
        for (const [name, array] of Object.entries(arrays) as [string, Float64Array][]) {
          assert.equal(await pool.run('countOf', name), array.length)
          const at = [0, 1, 508, 509, 1017, 1018, 2035, 4999, 5000, -1, -5000, -5001, 1.7, NaN]
          const wanted = at.map((index) => array.at(index))
          assert.deepEqual(await pool.run('numberAt', { name, at }), wanted)
          const parts = [0, 0, 5, 6, 500, 1500, -10, 5000, 4990, 9999, 30, 20, -9999, 3]
          for (let i = 0; i < parts.length; i += 2) {
            const [from, to] = parts.slice(i) as [number, number]
            assert.deepEqual(await pool.run('slice', { name, from, to }), array.slice(from, to))
          }
          assert.deepEqual(await pool.run('allNumbers', name), [...array])
        }
      })
    })

    it('has arrays and bytes from files, buffers and iterables', async () => {
      const numbers = Float64Array.from({ length: 3000 }, (_, i) => i / 7)
      const path = folder.write('numbers.bin', '')
      writeFileSync(path, numbers)
      async function* pieces(): AsyncGenerator<number | Float64Array> {
        yield numbers[0]!
        yield numbers.subarray(1, 1000)
        yield* numbers.subarray(1000)
      }
      const sources = [path, numbers, numbers.buffer, pieces(), pieces, new Set(numbers), [...numbers]]
      const arrays = Object.fromEntries(
        sources.map((source, i) => [`array${i}`, tool.array(Float64Array, source as Float64Array)]),
      )
      const bytes = new Uint8Array(numbers.buffer)
      const shared = new SharedArrayBuffer(bytes.length)
      new Uint8Array(shared).set(bytes)
      const pieced = [bytes.subarray(0, 5), bytes.subarray(5)]
      const blocks = { path: tool.bytes(path), numbers: tool.bytes(numbers), pieced: tool.bytes(pieced), shared }
      await use({ ...arrays, ...blocks }, async (pool) => {
        for (const name in arrays) assert.deepEqual(await pool.run('slice', { name }), numbers)
        for (const name in blocks) assert.deepEqual(await pool.run('slice', { name }), bytes)
      })
    })

    it('has nothing where nothing was given', async () => {
      const words = new Set<string>()
      const table = new Map<string, string>()
      await use({ numbers: new Float64Array(), words, table, columns: tool.columns({}) }, async (pool) => {
        const names = ['numbers', 'words', 'table', 'columns']
        assert.deepEqual(await pool.run('listTools'), names)
        for (const name of names) assert.equal(await pool.run('countOf', name), 0)
        assert.deepEqual(await pool.run('hasWords', { name: 'words', words: ['', 'a'] }), [false, false])
        const nothing = [false, undefined]
        assert.deepEqual(await pool.run('getValues', { name: 'table', keys: ['', 'a'] }), [nothing, nothing])
        assert.deepEqual(await pool.run('allWords', 'words'), [])
        assert.deepEqual(await pool.run('rowsOf', { name: 'columns', indexes: [0] }), [undefined])
        assert.equal(await pool.run('has', 'toString'), false)
      })
      await use({}, async (pool) => assert.deepEqual(await pool.run('listTools'), []))
    })

    it('has words, each once, and no others', async () => {
      const words = [...oddTexts, ...Array.from({ length: 20_000 }, (_, i) => `word${i * 7}`)]
      const absent = ['word1', 'x', 'X'.repeat(5000), 'Ж', '\ud801', `${'y'.repeat(1_000_000)}3`, 'toString']
      const path = folder.write('words.txt', 'one\r\ntwo\n\n ä 😀\nlast')
      const tools = { words: new Set(words), twice: tool.words(['b', 'a', 'b']), path: tool.words(path) }
      await use(tools, async (pool) => {
        assert.equal(await pool.run('countOf', 'words'), words.length)
        assert.deepEqual(new Set(await pool.run('hasWords', { name: 'words', words })), new Set([true]))
        assert.deepEqual(new Set(await pool.run('hasWords', { name: 'words', words: absent })), new Set([false]))
        assert.deepEqual((await pool.run('allWords', 'words')).toSorted(), words.toSorted())
        assert.deepEqual((await pool.run('allWords', 'twice')).toSorted(), ['a', 'b'])
        assert.deepEqual((await pool.run('allWords', 'path')).toSorted(), ['one', 'two', ' ä 😀', 'last'].toSorted())
      })
    })

    it('has tables of strings, numbers and bytes', async () => {
      const tables: Record<string, ReadonlyMap<string, TableValue>> = {
        strings: new Map(oddTexts.map((text, i) => [text, oddTexts[oddTexts.length - 1 - i]!])),
        numbers: new Map(oddTexts.map((text, i) => [text, [NaN, -0, Infinity, 2 ** 53, 0.1][i % 5]!])),
        bytes: new Map(oddTexts.map((text, i) => [text, new Uint8Array(i * 1000).fill(i)])),
      }
      const tools = Object.entries(tables).map(([name, table]) => [name, tool.table(table)] as const)
      await use(Object.fromEntries(tools), async (pool) => {
        const keys = [...oddTexts, 'nowhere']
        for (const [name, table] of Object.entries(tables)) {
          assert.equal(await pool.run('countOf', name), table.size)
          const wanted = keys.map((key) => [table.has(key), table.get(key)])
          assert.deepEqual(await pool.run('getValues', { name, keys }), wanted)
          assert.deepEqual(new Map(await pool.run('allEntries', name)), table)
        }
      })
    })

    it('takes the last of several values for one key', async () => {
      const makers = {
        text: (n: number): TableValue => `v${n}`,
        number: (n: number): TableValue => n,
        bytes: (n: number): TableValue => Uint8Array.of(n, n),
      }
      const all = Object.entries(makers).map(([name, toValue]) => {
        const entries = [1, 2, 1, 3, 2, 4, 4, 5].map((n, i) => [`k${n}`, toValue(i)] as const)
        return [name, entries] as const
      })
      const tools = all.map(([name, entries]) => [name, tool.table<TableValue>(entries)] as const)
      await use(Object.fromEntries(tools), async (pool) => {
        for (const [name, entries] of all) {
          assert.deepEqual(new Map(await pool.run('allEntries', name)), new Map(entries))
        }
      })
    })

    it('has tables of files', async () => {
      const tabs = tool.table(folder.write('table.tsv', 'a\t1\nb\t\nc\t2\t3\n'))
      const arrows = tool.table(folder.write('t.csv', 'a=>1'), { separator: '=>' })
      await use({ tabs, arrows }, async (pool) => {
        const wanted = { a: '1', b: '', c: '2\t3' }
        assert.deepEqual(Object.fromEntries(await pool.run('allEntries', 'tabs')), wanted)
        assert.deepEqual(await pool.run('allEntries', 'arrows'), [['a', '1']])
      })
    })

    it('has columns of arrays and of rows', async () => {
      const rows = Array.from({ length: 2000 }, (_, i) => ({ price: i / 3, city: `City ${i % 7} 😀`, count: i % 100 }))
      async function* later(): AsyncGenerator<object> {
        for (const row of rows) yield { ...row, other: null }
      }
      const price = Float64Array.from(rows, (row) => row.price)
      const count = Uint8Array.from(rows, (row) => row.count)
      const city = rows.map((row) => row.city)
      const types = { price: Float64Array, city: String, count: Uint8Array } as const
      const tools = {
        data: tool.columns({ price, city, count }),
        rows: tool.columns(types, rows),
        later: tool.columns(types, later),
      }
      await use(tools, async (pool) => {
        for (const name of Object.keys(tools)) {
          assert.equal(await pool.run('countOf', name), 2000)
          const wanted = [0, 1, 1999].map((i) => rows[i])
          assert.deepEqual(await pool.run('rowsOf', { name, indexes: [0, 1, 1999] }), wanted)
          const none = [undefined, undefined, undefined]
          assert.deepEqual(await pool.run('rowsOf', { name, indexes: [2000, -1, 0.5] }), none)
          const cities = await pool.run('column', { name, column: 'city', from: -2, to: 2000 })
          assert.deepEqual(cities, [...city.slice(-2), city[1999]])
          const prices = await pool.run('column', { name, column: 'price', from: 1, to: 3 })
          assert.deepEqual(prices, [...price.slice(1, 3), price[1999]])
        }
      })
    })

    it('gives a new worker the same tools', async () => {
      await use({ words: new Set(['a']) }, async (pool) => {
        await pool.resize(2)
        const asked = ['a', 'b', 'a'].map((word) => ({ name: 'words', words: [word] }))
        const answers = await pool.from(asked, { chunk: 1 }).map('hasWords').toArray()
        assert.deepEqual(answers.flat(), [true, false, true])
      })
    })

    if (backend === 'threads') {
      it('has arrays in the very memory of the program', async () => {
        const shared = new Int32Array(new SharedArrayBuffer(20))
        await use({ shared }, async (pool) => {
          await pool.resize(2)
          const answers = await pool.from(['shared', 'shared', 'shared'], { chunk: 1 }).map('addOne').toArray()
          assert.deepEqual(
            answers.toSorted((a, b) => (a as [number])[0] - (b as [number])[0]),
            [1, 2, 3].map((n) => [n, 2, 'SharedArrayBuffer']),
          )
        })
        assert.equal(shared[0], 3)
      })
    }

    if (backend === 'processes') {
      it('goes on when readers are killed', async () => {
        const words = Array.from({ length: 1000 }, (_, i) => `word ${i}`)
        await use({ words: new Set(words) }, async (pool) => {
          for (let i = 0; i < 5; i++) {
            assert.deepEqual(new Set(await pool.run('hasWords', { name: 'words', words })), new Set([true]))
            const { pid } = pool.stats().workers[0]!
            process.kill(pid, 'SIGKILL')
            await waitUntil(() => pool.stats().workers[0]?.pid !== pid, 'another worker')
          }
        })
      })
    }

    it('builds a tool once for pools that live at the same time, and again after them', async () => {
      let opened = 0
      const words = tool.words(() => {
        opened += 1
        return [`word${opened}`]
      })
      await use({ words }, async (first) => {
        await use({ words }, async (second) => {
          assert.deepEqual(await second.run('allWords', 'words'), ['word1'])
        })
        assert.deepEqual(await first.run('allWords', 'words'), ['word1'])
      })
      await use({ words }, async (pool) => assert.deepEqual(await pool.run('allWords', 'words'), ['word2']))
      assert.equal(opened, 2)
    })

    it('says that a source is used up', async () => {
      const words = tool.words(['a', 'b'].values())
      await use({ words }, async (pool) =>
        assert.deepEqual((await pool.run('allWords', 'words')).toSorted(), ['a', 'b']),
      )
      const error = await catchError(use({ words }, async () => {}))
      assert.equal(error.code, 'ERR_EISENMP_TOOL')
      assert.match(error.message, /tool 'words'.*used up; give a function/)
    })

    it('rejects with what the source threw, and builds again the next time', async () => {
      let fails = true
      const words = tool.words(function* (): Generator<string> {
        yield 'a'
        if (fails) throw new RangeError('no more')
      })
      const error = await catchError(use({ other: new Uint8Array(9), words }, async () => {}))
      assert.equal(error.code, 'ERR_EISENMP_TOOL')
      assert.match(error.message, /^Cannot prepare tool 'words': RangeError: no more$/)
      assert.ok(error.cause instanceof RangeError)
      fails = false
      await use({ words }, async (pool) => assert.deepEqual(await pool.run('allWords', 'words'), ['a']))
    })

    it('refuses what fits not into the tool', async () => {
      const cases: [Tools[string], RegExp][] = [
        [tool.words(['a', 5 as never]), /word 1 as a string: it is 5/],
        [tool.words(folder.path), /EISDIR/],
        [tool.words(`${folder.path}/nowhere`), /ENOENT/],
        [
          tool.array(Float64Array, ['1'] as never),
          /item 0 of the source as a number or an array of type float64: it is "1"/,
        ],
        [tool.array(Float64Array, new ArrayBuffer(9)), /numbers of 8 bytes each: it has 9 bytes/],
        [
          tool.table([
            ['a', 'b'],
            ['c', 5],
          ] as never),
          /value of key "c" as a string, like the first: it is 5/,
        ],
        [tool.table([['a', null]] as never), /value of key "a" as a string, number or Uint8Array: it is null/],
        [tool.table(['ab'] as never), /pair of key and value/],
        [tool.columns({ a: ['x'], b: new Uint8Array(2) }), /column 'b' beside columns of 1 rows: it has 2/],
        [tool.columns({ a: String }, [{ a: 'x' }, {}]), /column 'a' of row 1 as a string: it is undefined/],
        [tool.columns({ a: Float64Array }, [{ a: 'x' }]), /column 'a' of row 0 as a number: it is "x"/],
      ]
      for (const [given, says] of cases) {
        const error = await catchError(use({ it: given }, async () => {}))
        assert.equal(error.code, 'ERR_EISENMP_TOOL')
        assert.match(error.message, says)
      }
    })

    it('does not wait for a tool when its signal fires', async () => {
      const controller = new AbortController()
      const never = Promise.withResolvers<string[]>()
      const words = tool.words(() => {
        setImmediate(() => controller.abort('enough'))
        return never.promise
      })
      const starting = createPool({ modules, backend, tools: { words }, signal: controller.signal })
      await assert.rejects(starting, (reason) => reason === 'enough')
      never.resolve([])
    })
  })
}
