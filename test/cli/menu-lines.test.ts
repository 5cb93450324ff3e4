import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { drawMenu } from '../../src/cli/menu-lines.ts'

const entries = Array.from({ length: 15 }, (_, i) => ({ name: `example-${i + 1}`, text: 'what it shows '.repeat(8) }))

function draw(marked: number, columns: number, rows: number, typed = ''): string[] {
  return drawMenu(entries, { marked, typed }, { columns, rows }).map(stripVTControlCharacters)
}

test('drawMenu() fits every screen, and the marked entry is always on it', () => {
  const size = fc.integer({ min: 1, max: 120 })
  fc.assert(
    fc.property(size, size, fc.nat({ max: 14 }), (columns, rows, marked) => {
      const lines = draw(marked, columns, rows)
      assert.ok(lines.length <= rows)
      for (const line of lines) assert.ok(line.length <= Math.max(1, columns - 1))
      assert.equal(lines.filter((line) => line.startsWith('>')).length, 1)
      if (columns > 20)
        assert.ok(lines.some((line) => line.startsWith(`> ${String(marked + 1).padStart(2)}  example-`)))
    }),
  )
})

test('drawMenu() shows names and descriptions where there is room, names alone on a narrow screen', () => {
  assert.match(draw(0, 80, 24)[2]!, /^> {2}1 {2}example-1 {3}what it shows/)
  assert.equal(draw(0, 40, 24)[2], '>  1  example-1')
})

test('drawMenu() says which entries it shows when there is no room for all, and what is typed', () => {
  assert.match(draw(7, 80, 10).at(-1)!, /^up, down .*leaves; 6 to 10 of 15$/)
  assert.match(draw(0, 80, 30, '1').at(-1)!, /^number 1$/)
})
