import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { ResultOrder } from '../../src/pool/result-order.ts'
import { SerialLog } from '../../src/pool/serial-log.ts'

const resultOf = (queue: string, serial: number, value: unknown = serial) => ({
  value,
  ticket: { queue, serial },
  worker: '0.1',
})

it('ResultOrder waits for what comes before, and steps over what is through without a result', () => {
  const log = new SerialLog()
  const order = new ResultOrder(() => log.below)
  order.add(resultOf('a', 2))
  assert.equal(order.next(false), undefined)
  log.add(0)
  log.add(1)
  assert.equal(order.next(false)?.value, 2)
  // Once more, after it was through: late, but not lost.
  order.add(resultOf('a', 1, 'late'))
  assert.equal(order.next(false)?.value, 'late')
  order.add({ value: 'free', ticket: undefined, worker: '0.1' })
  assert.equal(order.next(false)?.value, 'free')
  order.add(resultOf('a', 9))
  order.add(resultOf('a', 7))
  assert.deepEqual(
    order
      .drain()
      .map(({ value }) => value as number)
      .sort((a, b) => a - b),
    [7, 9],
  )
  assert.deepEqual([order.next(true)?.value, order.next(true)?.value, order.next(true)], [7, 9, undefined])
})

it('in any order of arrival gives the order of the tickets', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        Array.from({ length: 20 }, (_, i) => i),
        { minLength: 20 },
      ),
      (arrival) => {
        const log = new SerialLog()
        const order = new ResultOrder(() => log.below)
        const given = []
        for (const serial of arrival) {
          order.add(resultOf('a', serial))
          log.add(serial)
          for (let next = order.next(false); next; next = order.next(false)) given.push(next.value)
        }
        assert.deepEqual(
          given,
          arrival.toSorted((a, b) => a - b),
        )
      },
    ),
  )
})
