import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Call, CallQueue } from '../../src/pool/call-queue.ts'
import type { Program } from '../../src/protocol/messages.ts'

const programs: Program[] = ['a', 'b', 'c'].map((task) => {
  return { stages: [{ kind: 'map', task }], sink: { kind: 'values' } }
})

function createCall(number: number, program: Program, isAlone: boolean): Call {
  const ends = { resolve: (): void => {}, reject: (): void => {} }
  return { number, program, given: number, item: number, isAlone, isOver: false, ...ends }
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('push'), task: fc.nat(2), isAlone: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take'), ms: fc.double({ min: 0, max: 5, noNaN: true }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drop'), pick: fc.nat() }) },
)

describe('CallQueue', () => {
  it('gives every call once, those of a task in their order, and none that was dropped', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
        const queue = new CallQueue(() => 2)
        const waiting = new Set<Call>()
        let number = 0
        for (const step of actions) {
          if ('task' in step) {
            const call = createCall(number++, programs[step.task]!, step.isAlone)
            waiting.add(call)
            queue.push(call)
          } else if ('pick' in step) {
            const call = [...waiting][step.pick % Math.max(1, waiting.size)]
            if (call === undefined) continue
            waiting.delete(call)
            queue.drop(call)
          } else {
            const taken = queue.take()
            assert.equal(taken.length > 0, waiting.size > 0)
            const [first] = taken
            if (first === undefined) continue
            const oldest = [...waiting].filter(({ program }) => program === first.program)
            assert.deepEqual(taken, oldest.slice(0, taken.length))
            assert.ok(taken.length === 1 || taken.every(({ isAlone }) => !isAlone))
            for (const call of taken) waiting.delete(call)
            queue.observe(first.program, taken.length, step.ms)
          }
          assert.equal(queue.size, waiting.size)
        }
      }),
    )
  })

  it('keeps no more than a few of those that were dropped behind one that waits', () => {
    const queue = new CallQueue(() => 2)
    const first = createCall(0, programs[0]!, true)
    queue.push(first)
    for (let number = 1; number <= 10_000; number++) {
      const call = createCall(number, programs[0]!, true)
      queue.push(call)
      queue.drop(call)
    }
    assert.deepEqual(queue.take(), [first])
    assert.deepEqual(queue.take(), [])
  })
})
