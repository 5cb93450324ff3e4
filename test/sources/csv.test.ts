import assert from 'node:assert/strict'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { type EisenmpError, type Pool, createPool } from '../../src/index.ts'
import { csv } from '../../src/sources/csv.ts'
import type { Anchor } from '../../src/protocol/indexed-spec.ts'
import { readPlan } from '../../src/stream/indexed-source.ts'
import type * as Tasks from '../fixtures/indexed.worker.ts'
import { TempFolder } from '../support/temp-folder.ts'

const temp = new TempFolder()
const path = join(temp.path, 'a.csv')
after(() => temp.remove())

/** What another reader makes of the same file. */
function parseByOracle(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] })
}

const field = fc
  .array(fc.constantFrom('a', 'b c', 'ä😀', '"', ',', '\n', '\r\n', 'x'.repeat(30)), { maxLength: 4 })
  .map((parts) => parts.join(''))

function quote(text: string, always: boolean): string {
  return always || /["\n\r,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const files = fc
  .record({
    rows: fc.array(fc.tuple(field, field, field), { minLength: 1 }),
    eol: fc.constantFrom('\n', '\r\n'),
    always: fc.boolean(),
    last: fc.boolean(),
    bom: fc.boolean(),
  })
  .map(({ rows, eol, always, last, bom }) => {
    const records = [['one', 'two', 'three'], ...rows].map((row) => row.map((text) => quote(text, always)).join(','))
    return (bom ? '\uFEFF' : '') + records.join(eol) + (last ? eol : '')
  })

describe('csv()', () => {
  it('reads what csv-parse reads, however the file is cut', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.nat(400), { maxLength: 8 }), async (text, cuts) => {
        writeFileSync(path, text)
        const source = csv(path)
        const expected = parseByOracle(text)
        assert.deepEqual([...source], expected)
        assert.deepEqual(
          [...csv(path, { column: 'two' })],
          expected.map(({ two }) => two),
        )
        const plan = readPlan(source)!
        const size = Number(source.length)
        const borders = [0, ...cuts.filter((cut) => cut < size).toSorted((a, b) => a - b), size]
        const tracer = plan.trace!()
        const stretches: { from: number; to: number; anchor: Anchor }[] = []
        for (const [i, to] of borders.slice(1).entries())
          stretches.push({ from: borders[i]!, to, anchor: await tracer.reach(borders[i]!) })
        tracer.close()
        // Each by a reader of its own, as another worker would have it, and halved as after a crash.
        const found = stretches.flatMap(({ from, to, anchor }) => {
          const middle = Math.floor((from + to) / 2)
          return [[from, middle] as const, [middle, to] as const].flatMap(([start, end]) => {
            const opened = plan.open()
            const { items } = opened.read(start, end, anchor)
            opened.close()
            return items
          })
        })
        assert.deepEqual(found, expected)
      }),
      { numRuns: 200 },
    )
  })

  it('picks columns by name or position, with or without a header', () => {
    writeFileSync(path, 'a;b;c\n1;"2;2";3\n')
    const delimiter = ';'
    assert.deepEqual([...csv(path, { column: 'b', delimiter })], ['2;2'])
    assert.deepEqual([...csv(path, { column: 2, delimiter, header: false })], ['c', '3'])
    assert.deepEqual([...csv(path, { columns: ['c', 'a'], delimiter })], [{ c: '3', a: '1' }])
    assert.deepEqual([...csv(path, { header: ['x', 'y', 'z'], columns: ['z'], delimiter })], [{ z: 'c' }, { z: '3' }])
    writeFileSync(path, 'a,b\n"1,2\n')
    assert.deepEqual([...csv(path, { column: 'a', quotes: false })], ['"1'])
    writeFileSync(path, '')
    assert.deepEqual([...csv(path)], [])
  })

  it('refuses what cannot be, before any work starts', () => {
    writeFileSync(path, 'date,delay\n1,2\n')
    assert.throws(() => csv(path, { column: 'dealy' }), { code: 'ERR_EISENMP_OPTION', message: /did you mean 'delay'/ })
    assert.throws(() => csv(path, { column: 2 }), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => csv(path, { column: 'date', columns: ['date'] } as never), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => csv(path, { delimiter: '"' }), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => csv(join(temp.path, 'gone.csv')), { code: 'ERR_EISENMP_SOURCE' })
    writeFileSync(path, '"date,delay\n1,2\n')
    assert.throws(() => csv(path), { code: 'ERR_EISENMP_SOURCE', message: /never closed/ })
  })

  for (const backend of ['threads', 'processes', 'inline'] as const) {
    describe(`in ${backend}`, () => {
      let pool: Pool<typeof Tasks>
      before(async () => {
        const modules = new URL('../fixtures/indexed.worker.ts', import.meta.url)
        pool = await createPool<typeof Tasks>({ modules, backend, workers: 2 })
      })
      after(() => pool.destroy())

      it('gives every record once, in order', async () => {
        const rows = Array.from({ length: 20_000 }, (_, i) => `${i},${i % 7 === 0 ? `"a\n""${i}"""` : `b${i}`},ä`)
        const text = ['id,text,more', ...rows].join('\r\n')
        writeFileSync(path, text)
        const expected = parseByOracle(text)
        for (const chunk of ['auto', 5003] as const) {
          assert.deepEqual(await pool.from(csv(path), { chunk }).toArray(), expected)
          const texts = pool.from(csv(path, { column: 'text' }), { chunk })
          assert.equal(await texts.filter('isLong').count(), expected.filter((row) => row['text']!.length > 3).length)
        }
      })

      it('names the record that is wrong, and goes on behind it', async () => {
        writeFileSync(path, 'a,b\n1,2\n1,2,3\n4,"5"5\n6,X\n8,9\n')
        const seen: unknown[] = []
        const onError = ({ code, index, item }: EisenmpError): void => void seen.push([code, index, item])
        const values = await pool
          .from(csv(path, { column: 'b' }), { onError })
          .map('refuseX')
          .toArray()
        assert.deepEqual(values, ['2', '9'])
        assert.deepEqual(seen, [
          ['ERR_EISENMP_SOURCE', 8, undefined],
          ['ERR_EISENMP_SOURCE', 14, undefined],
          ['ERR_EISENMP_TASK', 21, 'X'],
        ])
      })
    })
  }
})
