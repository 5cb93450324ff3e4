import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createRing, openRing } from '../../../src/backends/ring/byte-ring.ts'
import { CursorReader, CursorWriter } from '../../../src/backends/ring/cursor.ts'
import { ResultWriter, UnitReader, UnitWriter, readResult } from '../../../src/backends/ring/records.ts'
import type { Program, ResultsMessage, UnitMessage } from '../../../src/protocol/messages.ts'

const memory = openRing(createRing(4096))
const id = fc.maxSafeNat()
const count = fc.nat()

function toProgram(task: string): Program {
  return { stages: [{ kind: 'map', task }], sink: { kind: 'values' } }
}

function toUnit(program: Program, more: Partial<UnitMessage> = {}): UnitMessage {
  const flags = { marks: false, timed: false, flush: false }
  return { kind: 'unit', unit: 1, attempt: 1, program, items: [1], ...flags, ...more }
}

/** Sends as a parent does: through the ring when that can be, otherwise through the port. */
function send(writer: UnitWriter, reader: UnitReader, message: UnitMessage): { way: string; arrived: unknown } {
  const length = writer.measure(message)
  if (length === undefined) {
    const numbered = writer.number(message)
    writer.confirm(numbered)
    reader.learn(structuredClone(numbered))
    return { way: 'port', arrived: numbered }
  }
  writer.write(message, new CursorWriter(memory).moveTo(8))
  return { way: 'ring', arrived: reader.read(new CursorReader(memory).moveTo({ offset: 8, length })) }
}

describe('records', () => {
  it('bring units with the program that was sent before', () => {
    const writer = new UnitWriter()
    const reader = new UnitReader()
    const program = toProgram('a')
    assert.equal(send(writer, reader, toUnit(program)).way, 'port')
    const flags = fc.record({ marks: fc.boolean(), timed: fc.boolean(), flush: fc.boolean() })
    fc.assert(
      fc.property(id, count, flags, (unit, attempt, given) => {
        const message = toUnit(program, { unit, attempt, ...given })
        assert.deepEqual(send(writer, reader, message), { way: 'ring', arrived: message })
      }),
    )
  })

  it('never mistake a program for another, however many there are', () => {
    const programs = Array.from({ length: 40 }, (_, i) => toProgram(`task ${i}`))
    fc.assert(
      fc.property(fc.array(fc.nat(39), { maxLength: 200 }), (order) => {
        const writer = new UnitWriter()
        const reader = new UnitReader()
        for (const at of order) {
          const { arrived } = send(writer, reader, toUnit(programs[at]!))
          assert.deepEqual((arrived as UnitMessage).program, programs[at])
        }
      }),
    )
  })

  it('know a program only once it was sent', () => {
    const writer = new UnitWriter()
    const message = toUnit(toProgram('a'))
    // Sending failed: it is numbered again, and the number is still free.
    assert.deepEqual(writer.number(message), writer.number(message))
    assert.equal(writer.measure(message), undefined)
  })

  it('leave ranges, failures and other messages to the port', () => {
    const writer = new UnitWriter()
    const program = toProgram('a')
    writer.confirm(writer.number(toUnit(program)))
    const range = { spec: { kind: 'range', start: 0, step: 1 }, from: 0, count: 1 } as unknown as UnitMessage['range']
    assert.equal(writer.measure({ ...toUnit(program), range: range! }), undefined)
    assert.equal(writer.measure({ kind: 'stop' }), undefined)
    assert.deepEqual(writer.number({ kind: 'stop' }), { kind: 'stop' })
    assert.equal(writer.measure(toUnit(program, { items: [{}] })), undefined)
    const results = new ResultWriter()
    assert.equal(results.measure({ kind: 'ready', tasks: [], version: '' }), undefined)
    const failure = { offset: 0, at: 0, cause: 'task', error: { kind: 'value', value: 1 } } as never
    const answer = { kind: 'results', unit: 1, attempt: 1, count: 1, last: true, ms: 1, heapMb: 1 } as const
    assert.equal(results.measure({ ...answer, values: [], failures: [failure] }), undefined)
  })

  it('bring answers', () => {
    const writer = new ResultWriter()
    fc.assert(
      fc.property(
        fc.record({ unit: id, attempt: count, count, last: fc.boolean(), ms: fc.double(), heapMb: fc.double() }),
        (given) => {
          const message: ResultsMessage = { kind: 'results', ...given, values: [1, 'a'], failures: [] }
          writer.write(message, new CursorWriter(memory).moveTo(8))
          const length = writer.measure(message)!
          assert.deepEqual(readResult(new CursorReader(memory).moveTo({ offset: 8, length })), message)
        },
      ),
    )
  })
})
