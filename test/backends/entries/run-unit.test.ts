import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SourceCache } from '../../../src/backends/entries/source-cache.ts'
import { type RunContext, UnitRun } from '../../../src/backends/entries/run-unit.ts'
import { idleLink } from '../../support/idle-link.ts'
import { WorkerToolbox } from '../../../src/backends/entries/toolbox.ts'
import { MARK_UNKNOWN } from '../../../src/protocol/mark.ts'
import type { Program, ResultsMessage, UnitMessage } from '../../../src/protocol/messages.ts'

/** A clock that tasks move, in ms. */
let now = 0

const tasks = new Map<string, unknown>(
  Object.entries({
    take: (ms: number) => {
      now += ms
      return ms
    },
    takeLater: async (ms: number) => {
      now += ms
      return ms
    },
    refuseOdd: (n: number) => {
      if (n % 2 === 1) throw new RangeError(`odd: ${n}`)
      return n
    },
    sum: (all: number[]) => [all.reduce((a, b) => a + b, 0)],
    giveFunctions: (all: unknown[]) => all.map(() => () => {}),
    giveNothing: () => null,
    join: (a: unknown, b: unknown) => [a, b],
  }),
)

interface Ran {
  readonly answers: ResultsMessage[]
  readonly marks: (readonly [unit: number, offset: number, startedAtMs: number])[]
}

async function run(
  items: unknown[],
  program: Partial<Program>,
  unit: Partial<UnitMessage> = {},
  context: Partial<RunContext> = {},
): Promise<Ran> {
  now = 1000
  const ran: Ran = { answers: [], marks: [] }
  const whole: UnitMessage = {
    ...{ kind: 'unit', unit: 5, attempt: 2, items, marks: false, timed: false, flush: false },
    program: { stages: [], sink: { kind: 'values' }, ...program },
    ...unit,
  }
  await new UnitRun(whole, {
    tasks,
    toolbox: new WorkerToolbox({ id: '0.1', index: 0, name: 'w', config: undefined }, 0, idleLink),
    portable: true,
    marksAreCheap: false,
    sources: new SourceCache(),
    mark: (...mark) => void ran.marks.push(mark),
    now: () => now,
    heapMb: () => 3,
    answer: (message) => void ran.answers.push(message),
    isAborted: () => false,
    ...context,
  }).run()
  return ran
}

function map(task: string): Partial<Program> {
  return { stages: [{ kind: 'map', task }] }
}

describe('UnitRun', () => {
  it('answers once, with what it took and how large the heap is', async () => {
    const { answers } = await run([1, 2, 3], map('take'))
    assert.deepEqual(answers, [
      { kind: 'results', unit: 5, attempt: 2, count: 3, last: true, values: [1, 2, 3], failures: [], ms: 6, heapMb: 3 },
    ])
  })

  for (const task of ['take', 'takeLater']) {
    it(`hands back what it has not started after 50 ms: ${task}`, async () => {
      const { answers } = await run([20, 20, 20, 20], map(task))
      assert.deepEqual(
        answers.map(({ count, last, values }) => [count, last, values]),
        [[3, true, [20, 20, 20]]],
      )
    })
  }

  it('finishes an item that takes longer, and a unit of one item', async () => {
    assert.equal((await run([500, 1], map('take'))).answers[0]?.count, 1)
    assert.equal((await run([500], map('take'))).answers[0]?.count, 1)
  })

  it('looks at the clock only now and then while items are cheap', async () => {
    let looks = 0
    const count = (): number => {
      looks += 1
      return now
    }
    await run(
      Array.from({ length: 1000 }, () => 0.001),
      map('take'),
      {},
      { now: count },
    )
    assert.ok(looks < 150, String(looks))
  })

  it('hands back soon when items after many cheap ones are long', async () => {
    const cheap = Array.from({ length: 2000 }, () => 0.001)
    const { answers } = await run([...cheap, ...Array.from({ length: 100 }, () => 100)], map('take'))
    assert.ok(answers[0]!.count <= 2000 + 16, String(answers[0]!.count))
  })

  it('hands back the rest when it is aborted', async () => {
    const { answers } = await run([30, 1, 1], map('take'), {}, { isAborted: () => true })
    assert.deepEqual([answers[0]?.count, answers[0]?.last], [1, true])
  })

  it('answers each item alone when asked to, also when the time is up', async () => {
    const { answers } = await run([1, 60, 1], map('take'), { flush: true })
    assert.deepEqual(
      answers.map(({ count, last, ms }) => [count, last, ms]),
      [
        [1, false, 1],
        [1, false, 60],
        [0, true, 0],
      ],
    )
  })

  describe('marks', () => {
    it('each item where that costs nothing, where it is asked for, and where items are slow', async () => {
      const exact = [
        [5, 0, 0],
        [5, 1, 0],
      ]
      // Where a mark costs something, that of an answered unit stays: it points nowhere.
      assert.deepEqual((await run([1, 1], map('take'), {}, { marksAreCheap: true })).marks, [...exact, [0, 0, 0]])
      assert.deepEqual((await run([1, 1], map('take'), { marks: true })).marks, exact)
      assert.deepEqual((await run([1, 1], map('take'), { flush: true })).marks, exact)
      assert.deepEqual((await run([1, 1], map('take'))).marks, [[5, MARK_UNKNOWN, 0], ...exact.slice(1)])
    })

    it('the unit alone while items are cheap, and takes back an exact mark that it does not keep up', async () => {
      const { marks } = await run([...Array.from({ length: 20 }, () => 0.001)], map('take'))
      assert.deepEqual(marks, [[5, MARK_UNKNOWN, 0]])
      const mixed = await run([5, ...Array.from({ length: 1000 }, () => 0.0001)], map('take'))
      assert.deepEqual(mixed.marks.at(-1), [5, MARK_UNKNOWN, 0])
    })

    it('the start of each item where its time is limited', async () => {
      assert.deepEqual((await run([1, 2], map('take'), { timed: true })).marks, [
        [5, 0, 1000],
        [5, 1, 1001],
        [0, 0, 0],
      ])
    })

    it('the unit for mapChunks', async () => {
      const { marks } = await run([1, 2], { stages: [{ kind: 'mapChunks', task: 'sum' }] }, { timed: true })
      assert.deepEqual(marks, [
        [5, MARK_UNKNOWN, 1000],
        [0, 0, 0],
      ])
    })
  })

  describe('mapChunks', () => {
    const sum: Program['stages'] = [
      { kind: 'map', task: 'refuseOdd' },
      { kind: 'mapChunks', task: 'sum' },
    ]

    for (const [name, items, values, failures] of [
      ['none fails', [2, 4], [6], []],
      ['the first fails before it', [1, 2, 4], [6], [[0, 0]]],
      ['the last fails before it', [2, 4, 5], [6], [[2, 1]]],
      [
        'some fail before it',
        [1, 2, 3, 4, 5],
        [6],
        [
          [0, 0],
          [2, 1],
          [4, 1],
        ],
      ],
      [
        'all fail before it',
        [1, 3],
        [],
        [
          [0, 0],
          [1, 0],
        ],
      ],
    ] as const) {
      it(`gets what is left, and its values stand where an item is: ${name}`, async () => {
        const { answers } = await run([...items], { stages: sum })
        assert.equal(answers.length, 1)
        assert.deepEqual(answers[0]?.values, values)
        assert.deepEqual(
          answers[0].failures.map(({ offset, at }) => [offset, at]),
          failures,
        )
      })
    }

    for (const [name, stages, sink, cause] of [
      ['gives no array', [{ kind: 'mapChunks', task: 'giveNothing' }], { kind: 'values' }, 'task'],
      ['gives what cannot travel', [{ kind: 'mapChunks', task: 'giveFunctions' }], { kind: 'values' }, 'clone'],
      [
        'gives what fails behind it',
        [
          { kind: 'mapChunks', task: 'sum' },
          { kind: 'map', task: 'refuseOdd' },
        ],
        { kind: 'values' },
        'task',
      ],
      [
        'gives a partial result that cannot travel',
        [{ kind: 'mapChunks', task: 'giveFunctions' }],
        { kind: 'reduce', task: 'join' },
        'clone',
      ],
    ] as const) {
      it(`fails with all its items when it ${name}`, async () => {
        const { answers } = await run([2, 3], { stages, sink })
        assert.equal(answers.length, 1)
        assert.deepEqual([answers[0]?.count, answers[0]?.last, answers[0]?.values], [2, true, []])
        assert.deepEqual(
          answers[0]?.failures.map(({ offset, at, cause: why }) => [offset, at, why]),
          [
            [0, 0, cause],
            [1, 0, cause],
          ],
        )
      })
    }
  })

  it('fails all items of a partial result that cannot travel', async () => {
    const { answers } = await run([() => {}, 2], { sink: { kind: 'reduce', task: 'join' } })
    assert.deepEqual(
      answers[0]?.failures.map(({ offset, cause }) => [offset, cause]),
      [
        [0, 'clone'],
        [1, 'clone'],
      ],
    )
  })
})
