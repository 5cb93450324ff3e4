import assert from 'node:assert/strict'
import { appendFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { join } from 'node:path'
import fc from 'fast-check'
import { type EisenmpError, type Pool, createPool } from '../../src/index.ts'
import { lines, openLines } from '../../src/sources/lines.ts'
import { readPlan } from '../../src/stream/indexed-source.ts'
import type * as Tasks from '../fixtures/indexed.worker.ts'
import { TempFolder } from '../support/temp-folder.ts'

const texts = fc.array(fc.constantFrom('a', 'bc', 'ä😀', '\n', '\r\n', '\r', ' ')).map((parts) => parts.join(''))

function splitLines(text: string): string[] {
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  // Only an end of line ends with \r\n; the last line may have none.
  return all.map((line, i) => (i < text.split('\n').length - 1 ? line.replace(/\r$/, '') : line))
}

describe('lines()', () => {
  const temp = new TempFolder()
  const folder = temp.path
  const path = join(folder, 'text.txt')
  after(() => temp.remove())

  it('are the same however the file is cut', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(60)), (text, cuts) => {
        writeFileSync(path, text)
        const source = lines(path)
        const expected = splitLines(text)
        assert.deepEqual([...source], expected)
        const plan = readPlan(source)!
        const opened = plan.open()
        const size = Number(source.length)
        const borders = [0, ...cuts.filter((cut) => cut < size).toSorted((a, b) => a - b), size]
        const found = borders.slice(1).flatMap((to, i) => opened.read(borders[i]!, to, undefined).items)
        opened.close()
        assert.deepEqual(found, expected)
      }),
      { numRuns: 200 },
    )
  })

  it('may be longer than what is read at once', () => {
    const long = 'ä'.repeat(100_000)
    writeFileSync(path, `\uFEFFa\n${long}\n\nb`)
    assert.deepEqual([...lines(path)], ['a', long, '', 'b'])
  })

  it('are refused when there is no file, or another one', () => {
    assert.throws(() => lines(join(folder, 'gone.txt')), { code: 'ERR_EISENMP_SOURCE', message: /ENOENT/ })
    assert.throws(() => lines(folder), { code: 'ERR_EISENMP_SOURCE', message: /no regular file/ })
    assert.throws(() => lines(5 as never), { code: 'ERR_EISENMP_SOURCE' })
    const spec = readPlan(lines(path))!.spec
    appendFileSync(path, 'more')
    assert.throws(() => openLines(spec as never), /has changed/)
  })

  for (const backend of ['threads', 'processes', 'inline'] as const) {
    describe(`in ${backend}`, () => {
      let pool: Pool<typeof Tasks>
      before(async () => {
        const modules = new URL('../fixtures/indexed.worker.ts', import.meta.url)
        pool = await createPool<typeof Tasks>({ modules, backend, workers: 2 })
      })
      after(() => pool.destroy())

      it('come in order, each once', async () => {
        const all = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${'x'.repeat(i % 50)}`)
        writeFileSync(path, all.join('\r\n'))
        for (const chunk of ['auto', 1000] as const) {
          assert.deepEqual(await pool.from(lines(path), { chunk }).toArray(), all)
          assert.equal(await pool.from(lines(path), { chunk }).count(), all.length)
        }
        assert.equal(await pool.from(lines(path), { chunk: 5000 }).mapChunks('lengths').count(), all.length)
        const sum = await pool.from(lines(path)).map('lengthOf').reduce('add', 0)
        assert.equal(sum, all.join('').length)
        assert.equal(pool.progress.percent, 100)
      })

      it('are named with text and place when something goes wrong', async () => {
        writeFileSync(path, 'one\ntwo\nX3\nfour\nX5\n')
        const seen: unknown[] = []
        const onError = ({ code, index, item }: EisenmpError): void => void seen.push([code, index, item])
        const stream = pool.from(lines(path), { onError, chunk: 11 })
        assert.deepEqual(await stream.map('refuseX').toArray(), ['one', 'two', 'four'])
        assert.deepEqual(seen, [
          ['ERR_EISENMP_TASK', 8, 'X3'],
          ['ERR_EISENMP_TASK', 16, 'X5'],
        ])
        if (backend === 'inline') return
        seen.length = 0
        assert.deepEqual(await pool.from(lines(path), { onError }).map('dieAtX').toArray(), ['one', 'two', 'four'])
        assert.deepEqual(seen, [
          ['ERR_EISENMP_CRASH', 8, 'X3'],
          ['ERR_EISENMP_CRASH', 16, 'X5'],
        ])
      })

      it('of a file that has changed, or is gone, end the stream, whatever onError says', async () => {
        const gone = join(folder, 'gone.txt')
        const seen: unknown[] = []
        for (const onError of ['throw', 'skip', (error: EisenmpError) => void seen.push(error)] as const) {
          writeFileSync(path, 'one\n')
          const source = lines(path)
          appendFileSync(path, 'more\n')
          const changed = pool.from(source, { onError }).toArray()
          await assert.rejects(changed, { code: 'ERR_EISENMP_SOURCE', message: /has changed/ })
          writeFileSync(gone, 'one\n')
          const lost = lines(gone)
          unlinkSync(gone)
          const message = /^Cannot read the source from index 0 on: .*ENOENT/
          await assert.rejects(pool.from(lost, { onError }).count(), { code: 'ERR_EISENMP_SOURCE', message })
          await assert.rejects(pool.from(lost, { onError }).mapChunks('lengths').toArray(), { message })
        }
        assert.deepEqual(seen, [])
        assert.deepEqual([pool.stats().inFlight, await pool.run('lengthOf', 'abc')], [0, 3])
      })
    })
  }
})
