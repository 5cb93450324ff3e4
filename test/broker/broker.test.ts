import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Broker } from '../../src/broker/broker.ts'
import type { Effect, Party } from '../../src/broker/effects.ts'

type Text = Effect<string>

function create(capacities: readonly number[], budgets = { crash: 2, error: 0 }): Broker<string> {
  const traits = capacities.map((capacity, index) => ({ name: `q${index}`, category: undefined, capacity }))
  return new Broker(traits, budgets)
}

const by = (worker: string, request = 1): Party => ({ worker, request })
const kinds = (effects: readonly Text[]): string[] => effects.map(({ type }) => type)

function give(broker: Broker<string>, worker: string, queue = 0): Extract<Text, { type: 'give' }> {
  const effect = broker.take(by(worker), queue, true).find(({ type }) => type === 'give')
  assert.ok(effect?.type === 'give')
  return effect
}

const nothing = { acks: [], puts: [], closes: [] }

describe('Broker', () => {
  it('serves takers and putters in the order in which they came', () => {
    const broker = create([1])
    assert.deepEqual(broker.take(by('a', 1), 0, true), [])
    assert.deepEqual(broker.take(by('b', 2), 0, true), [])
    assert.deepEqual(kinds(broker.put(by('', 1), { queue: 0, payload: 'x' })), ['admitted', 'give'])
    const [, given] = broker.put(by('', 2), { queue: 0, payload: 'y' })
    assert.ok(given?.type === 'give' && given.to.worker === 'b' && given.entry.payload === 'y')
    assert.deepEqual(kinds(broker.put(by('', 3), { queue: 0, payload: 'z' })), ['admitted'])
    assert.deepEqual(kinds(broker.put(by('', 4), { queue: 0, payload: 'w' })), [])
    assert.deepEqual(kinds(broker.take(by('a', 3), 0, true)), ['give', 'admitted'])
  })

  it('does what a call did at once, or not at all when a queue is closed', () => {
    const broker = create([4, 1])
    broker.put(by(''), { queue: 0, payload: 'x' })
    const { lease, entry } = give(broker, 'a')
    broker.close(1)
    const deal = { acks: [lease], puts: [{ queue: 1, payload: 'x', ticket: entry.ticket }], closes: [] }
    assert.deepEqual(kinds(broker.settle(by('a'), deal)), ['refused'])
    assert.deepEqual(broker.leasesOf('a'), [entry])
    assert.deepEqual(broker.settle(by('a'), { ...nothing, acks: [lease], closes: [0] }), [
      { type: 'settled', ticket: { queue: 'q0', serial: 0 } },
    ])
    assert.deepEqual(kinds(broker.take(by('a'), 0, true)), ['closed'])
  })

  it('a ticket that is handed on is through when the last chunk that carries it is', () => {
    const broker = create([4, 4])
    broker.put(by(''), { queue: 0, payload: 'x' })
    const { lease, entry } = give(broker, 'a')
    const puts = ['1', '2'].map((payload) => ({ queue: 1, payload, ticket: entry.ticket }))
    assert.deepEqual(kinds(broker.settle(by('a'), { acks: [lease], puts, closes: [] })), ['admitted', 'admitted'])
    const leases = [give(broker, 'b', 1).lease, give(broker, 'b', 1).lease]
    assert.deepEqual(kinds(broker.settle(by('b'), { ...nothing, acks: [leases[0]!] })), [])
    assert.deepEqual(kinds(broker.settle(by('b'), { ...nothing, acks: [leases[1]!] })), ['settled'])
  })

  it('what a dead worker held goes back to its place, until it has cost too many', () => {
    const broker = create([4], { crash: 1, error: 0 })
    for (const payload of ['0', '1', '2']) broker.put(by(''), { queue: 0, payload })
    give(broker, 'a')
    give(broker, 'a')
    assert.deepEqual(broker.bury('a', true), [])
    const first = give(broker, 'b')
    assert.deepEqual([first.entry.payload, first.entry.crashes], ['0', 1])
    assert.deepEqual(kinds(broker.bury('b', true)), ['dead', 'settled'])
    assert.equal(give(broker, 'c').entry.payload, '1')
  })

  it('a worker speaks only for what it holds', () => {
    const broker = create([4])
    broker.put(by(''), { queue: 0, payload: 'x' })
    const { lease } = give(broker, 'a')
    assert.deepEqual(broker.settle(by('b'), { ...nothing, acks: [lease] }), [])
    assert.deepEqual(broker.giveBack('b', [lease, 99]), [])
    assert.deepEqual(broker.fail('b', [lease]), [])
    assert.equal(broker.leasesOf('a').length, 1)
  })

  it('in any world each chunk is through once, or given up, and no queue holds more than it can', () => {
    const step = fc.record({
      act: fc.constantFrom('put', 'take', 'settle', 'forward', 'fail', 'return', 'die'),
      worker: fc.constantFrom('a', 'b', 'c'),
      queue: fc.nat(1),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 3 }), (steps, capacity) => {
        const budgets = { crash: 1, error: 1 }
        const broker = create([capacity, capacity], budgets)
        const held = new Map<string, { lease: number; payload: string }[]>()
        const waiting = new Set<string>()
        const done: string[] = []
        const dead: string[] = []
        let made = 0
        let request = 1
        const absorb = (effects: readonly Text[]): void => {
          for (const effect of effects) {
            if (effect.type === 'dead') dead.push(effect.entry.payload)
            if (effect.type !== 'give') continue
            waiting.delete(effect.to.worker)
            const { lease, entry } = effect
            held.set(effect.to.worker, [...(held.get(effect.to.worker) ?? []), { lease, payload: entry.payload }])
          }
          for (const { entries, traits, leased } of broker.queues) {
            // What comes back from the dead may find its place taken.
            assert.ok(entries.length <= traits.capacity + made)
            assert.ok(leased >= 0)
          }
        }
        const run = ({ act, worker, queue }: { act: string; worker: string; queue: number }): void => {
          const mine = held.get(worker) ?? []
          if (act === 'put') absorb(broker.put(by('', request++), { queue: 0, payload: `p${made++}` }))
          else if (act === 'take') {
            if (waiting.has(worker)) return
            waiting.add(worker)
            absorb(broker.take(by(worker, request++), queue, true))
          } else if (act === 'die') {
            held.delete(worker)
            waiting.delete(worker)
            absorb(broker.bury(worker, true))
          } else {
            const first = mine.shift()
            if (first === undefined) return
            const { lease, payload } = first
            if (act === 'settle') {
              done.push(payload)
              absorb(broker.settle(by(worker, request++), { ...nothing, acks: [lease] }))
            } else if (act === 'forward') {
              const puts = [{ queue: 1, payload }]
              absorb(broker.settle(by(worker, request++), { acks: [lease], puts, closes: [] }))
            } else absorb(act === 'fail' ? broker.fail(worker, [lease]) : broker.giveBack(worker, [lease]))
          }
        }
        for (const each of steps) run(each)
        // The rest is worked through by one that never fails.
        for (const worker of ['a', 'b', 'c']) run({ act: 'die', worker, queue: 0 })
        for (let turns = 0; turns < 4 * (made + 1); turns += 1) {
          for (const queue of [0, 1]) {
            // What it was still waiting for is forgotten.
            absorb(broker.bury('d', false))
            absorb(broker.take(by('d', request++), queue, true))
            run({ act: 'settle', worker: 'd', queue })
          }
        }
        assert.deepEqual([...done, ...dead].sort(), Array.from({ length: made }, (_, i) => `p${i}`).sort())
        assert.equal(broker.open, 0)
      }),
    )
  })
})
