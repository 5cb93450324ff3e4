import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Unit } from '../../src/dispatch/events.ts'
import { UnitQueue } from '../../src/dispatch/pending.ts'

function createUnit(id: number, serial: number): Unit {
  const position = { job: 0, serial, from: 0, start: 0, count: 1 }
  return { id, ...position, attempt: 0, suspect: false, expectedMs: undefined }
}

/** Counts how often it is looked at. */
class CountingMap extends Map<number, { waiting: number }> {
  looks = 0

  override has(key: number): boolean {
    this.looks += 1
    return super.has(key)
  }
}

suite('UnitQueue', () => {
  test('does what a plain list does', () => {
    const operation = fc.tuple(fc.constantFrom('push', 'push', 'unshift', 'shift', 'drop'), fc.nat({ max: 5 }))
    const property = fc.property(fc.array(operation, { maxLength: 400, size: 'max' }), (operations) => {
      const chunks = new Map<number, { waiting: number }>()
      const queue = new UnitQueue(chunks)
      let list: Unit[] = []
      let id = 1
      // A serial number is used once: a dropped chunk never comes back.
      const serials = [0, 1, 2, 3, 4, 5]
      for (const [what, slot] of operations) {
        const serial = serials[slot]!
        const chunk = chunks.get(serial)
        if (what === 'shift') assert.equal(queue.shift(), list.shift())
        else if (what === 'drop') {
          if (chunk === undefined) continue
          assert.equal(chunk.waiting, list.filter((unit) => unit.serial === serial).length)
          serials[slot] = serial + serials.length
          chunks.delete(serial)
          queue.drop(chunk)
          list = list.filter((unit) => unit.serial !== serial)
        } else {
          if (chunk === undefined) chunks.set(serial, { waiting: 0 })
          const unit = createUnit(id++, serial)
          queue[what](unit)
          list[what](unit)
        }
        assert.equal(queue.size, list.length)
        assert.equal(queue.first(), list[0])
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  for (const [order, toSerial] of [
    ['the first one first', (i: number): number => i],
    ['the last one first', (i: number, count: number): number => count - 1 - i],
  ] as const) {
    test(`drops many units in linear time, ${order}`, () => {
      const count = 20_000
      const chunks = new CountingMap()
      const queue = new UnitQueue(chunks)
      for (let serial = 0; serial < count; serial++) {
        chunks.set(serial, { waiting: 0 })
        queue.push(createUnit(serial + 1, serial))
      }
      for (let i = 0; i < count; i++) {
        const serial = toSerial(i, count)
        const chunk = chunks.get(serial)!
        chunks.delete(serial)
        queue.drop(chunk)
        queue.first()
      }
      assert.equal(queue.size, 0)
      assert.ok(chunks.looks < 10 * count, `${chunks.looks} looks for ${count} units`)
    })
  }
})
