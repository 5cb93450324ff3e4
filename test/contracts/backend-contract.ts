import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Backend } from '../../src/backend.ts'
import { RefusedValue } from '../../src/codec/refused-value.ts'
import { VERSION } from '../../src/internal/version.ts'
import { MARK_LOADING, MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import type { Program } from '../../src/protocol/messages.ts'
import { decodeError } from '../../src/protocol/wire-error.ts'
import { LiveWorker } from '../support/live-worker.ts'
import { runProgram } from '../support/run-program.ts'
import { waitUntil } from '../support/wait-until.ts'

const module = 'contract.worker.ts'

function map(...tasks: string[]): Partial<Program> {
  return { stages: tasks.map((task) => ({ kind: 'map' as const, task })) }
}

const programs: readonly (readonly [name: string, program: Partial<Program>, items: unknown[], values: unknown[]])[] = [
  ['no stage', {}, [1, 'a', null], [1, 'a', null]],
  ['map', map('double'), [1, 2, 3], [2, 4, 6]],
  ['async map', map('doubleLater', 'double'), [1, 2], [4, 8]],
  ['filter', { stages: [{ kind: 'filter', task: 'isEven' }] }, [1, 2, 3, 4], [2, 4]],
  ['async filter', { stages: [{ kind: 'filter', task: 'isEvenLater' }] }, [1, 2, 3, 4], [2, 4]],
  ['flatMap', { stages: [{ kind: 'flatMap', task: 'countTo' }] }, [2, 0, 3], [0, 1, 0, 1, 2]],
  [
    'async flatMap',
    { stages: [{ kind: 'flatMap', task: 'countToLater' }, ...map('double').stages!] },
    [2, 3],
    [0, 2, 0, 2, 4],
  ],
  ['mapChunks', { stages: [{ kind: 'mapChunks', task: 'reverse' }] }, [1, 2, 3], [3, 2, 1]],
  [
    'stages before and after mapChunks',
    {
      stages: [
        ...map('double').stages!,
        { kind: 'mapChunks', task: 'reverse' },
        { kind: 'filter', task: 'isEven' },
        ...map('double').stages!,
      ],
    },
    [1, 2, 3],
    [12, 8, 4],
  ],
  ['count', { stages: [{ kind: 'filter', task: 'isEven' }], sink: { kind: 'count' } }, [1, 2, 4], [2]],
  ['reduce', { ...map('double'), sink: { kind: 'reduce', task: 'add' } }, [1, 2, 3], [12]],
  ['async reduce', { sink: { kind: 'reduce', task: 'addLater' } }, [1, 2, 3], [6]],
  ['fold', { stages: [{ kind: 'fold', task: 'addLater' }] }, [[1, 2, 3], [4]], [6, 4]],
]

/** What every backend does alike; runs real workers. */
export function backendContract(name: string, createBackend: () => Backend): void {
  describe(`backend ${name}`, () => {
    let backend: Backend
    let resources: string[]
    const workers: LiveWorker[] = []

    before(() => {
      resources = process.getActiveResourcesInfo()
      backend = createBackend()
    })

    after(async () => {
      for (const worker of workers) worker.handle.end()
      for (const worker of workers) await worker.untilGone()
      await backend.close()
    })

    function start(
      fixtures: readonly string[] = [module],
      spec: ConstructorParameters<typeof LiveWorker>[2] = {},
    ): LiveWorker {
      const worker = new LiveWorker(backend, fixtures, spec)
      workers.push(worker)
      return worker
    }

    describe('a worker at work', () => {
      let worker: LiveWorker
      before(async () => {
        worker = start()
        await worker.untilReady()
      })

      it('is ready with the functions of its main module and its version', () => {
        const [ready] = worker.messages
        assert.ok(ready?.kind === 'ready')
        assert.equal(ready.version, VERSION)
        for (const task of ['double', 'countTo', 'waitForAbort']) assert.ok(ready.tasks.includes(task), task)
        assert.ok(!ready.tasks.includes('label'))
      })

      let nextUnit = 100
      for (const [title, program, items, values] of programs) {
        it(`works through ${title}`, async () => {
          const answer = await worker.run(nextUnit++, program, items)
          assert.deepEqual([answer.values, answer.failures, answer.last], [values, [], true])
          assert.equal(answer.count, items.length)
          assert.ok(answer.ms >= 0 && answer.heapMb > 0)
        })
      }

      it('tells its vitals when it is asked, with the number of the question', async () => {
        for (const serial of [1, 2]) {
          worker.handle.send({ kind: 'ping', serial })
          await waitUntil(() => worker.handle.vitals()?.answered === serial, `the answer to ${serial}`)
        }
        const { answeredAtMs, activeMs } = worker.handle.vitals()!
        assert.ok(answeredAtMs > 0 && activeMs > 0)
      })

      it('answers units in the order they came, each with its number and attempt', async () => {
        for (const n of [1, 2, 3]) worker.send(n, map('doubleLater'), [n], { attempt: n * 10 })
        await worker.untilAnswered(3)
        assert.deepEqual(
          worker.answers
            .filter((answer) => answer.unit <= 3)
            .map((answer) => [answer.unit, answer.attempt, answer.values]),
          [
            [1, 10, [2]],
            [2, 20, [4]],
            [3, 30, [6]],
          ],
        )
      })

      it('answers each item alone when asked to', async () => {
        worker.send(4, map('double'), [1, 2, 3], { flush: true })
        const answers = await worker.untilAnswered(4)
        assert.deepEqual(
          answers.map((answer) => [answer.count, answer.last, answer.values]),
          [
            [1, false, [2]],
            [1, false, [4]],
            [1, true, [6]],
          ],
        )
      })

      it('tells which items failed, why, and where they stand among the values', async () => {
        const answer = await worker.run(5, map('refuseOdd', 'double'), [0, 1, 2, 3])
        assert.deepEqual(answer.values, [0, 4])
        assert.deepEqual(
          answer.failures.map(({ offset, at, cause }) => [offset, at, cause]),
          [
            [1, 1, 'task'],
            [3, 2, 'task'],
          ],
        )
        const error = decodeError(answer.failures[0]!.error, 'worker')
        assert.ok(error instanceof RangeError)
        assert.equal(error.message, 'odd: 1')
      })

      it('refuses a result that cannot travel, and works on', async () => {
        const answer = await worker.run(
          6,
          { stages: [{ kind: 'flatMap', task: 'countTo' }, ...map('giveFunction').stages!] },
          [1, 0],
        )
        assert.deepEqual([answer.values, answer.count], [[], 2])
        const [failure] = answer.failures
        assert.equal(failure?.cause, 'clone')
        assert.match(
          (decodeError(failure.error, 'w') as Error).message,
          /^result\.rows\[1\]: a function cannot be copied/,
        )
      })

      it('refuses a message that cannot be encoded, and sends nothing of it', async () => {
        assert.throws(() => worker.send(7, map('echo'), [() => {}]), RefusedValue)
        await worker.run(8, map('double'), [1])
        assert.deepEqual(
          worker.answers.filter((answer) => answer.unit === 7),
          [],
        )
      })

      it('has copies of what it gets', async () => {
        const item = { list: [1] }
        worker.send(9, map('echo'), [item])
        item.list.push(2)
        const [answer] = await worker.untilAnswered(9)
        assert.deepEqual(answer?.values, [{ list: [1] }])
        assert.notEqual(answer.values[0], item)
      })

      it('marks the unit and the item in work', async () => {
        worker.send(10, map('waitForAbort'), ['a', 'b'], { marks: true, timed: true })
        await waitUntil(() => worker.handle.mark()?.unit === 10, 'the mark')
        const mark = worker.handle.mark()!
        assert.equal(mark.offset, 0)
        assert.ok(mark.startedAtMs > 0)
        worker.handle.send({ kind: 'abort', unit: 10, offset: MARK_UNKNOWN })
        await worker.untilAnswered(10)
        await waitUntil(() => worker.handle.mark()?.unit === 0, 'the mark to be taken back')
      })

      it('heeds an abort of the unit in work: the signal fires, what was not started comes back', async () => {
        worker.send(11, map('waitForAbort'), ['a', 'b', 'c'])
        await waitUntil(() => worker.handle.mark()?.unit === 11, 'the mark')
        worker.handle.send({ kind: 'abort', unit: 11, offset: MARK_UNKNOWN })
        const [answer] = await worker.untilAnswered(11)
        assert.deepEqual([answer?.count, answer?.last, answer?.values], [1, true, ['AbortError']])
      })

      for (const kind of ['abort', 'recall'] as const) {
        it(`hands back a unit that waits: ${kind}`, async () => {
          const [running, waiting] = kind === 'abort' ? [12, 13] : [14, 15]
          worker.send(running, map('waitForAbort'), ['a'])
          worker.send(waiting, map('double'), [1, 2], { attempt: 7 })
          await waitUntil(() => worker.handle.mark()?.unit === running, 'the mark')
          worker.handle.send(kind === 'abort' ? { kind, unit: waiting, offset: MARK_UNKNOWN } : { kind, unit: waiting })
          const [answer] = await worker.untilAnswered(waiting)
          assert.deepEqual([answer?.count, answer?.last, answer?.attempt, answer?.values], [0, true, 7, []])
          worker.handle.send({ kind: 'abort', unit: running, offset: MARK_UNKNOWN })
          assert.equal((await worker.untilAnswered(running))[0]?.count, 1)
        })
      }

      it('goes on with a unit that is recalled while it is in work, and with one it does not know', async () => {
        worker.send(16, map('waitForAbort'), ['a'])
        await waitUntil(() => worker.handle.mark()?.unit === 16, 'the mark')
        for (const unit of [16, 999]) worker.handle.send({ kind: 'recall', unit })
        worker.handle.send({ kind: 'abort', unit: 16, offset: MARK_UNKNOWN })
        assert.deepEqual((await worker.untilAnswered(16))[0]?.values, ['AbortError'])
      })

      it('leaves the item alone whose time was not meant', async () => {
        worker.send(17, map('waitForAbort'), ['a', 'b'], { marks: true, timed: true })
        await waitUntil(() => worker.handle.mark()?.unit === 17, 'the mark')
        worker.handle.send({ kind: 'abort', unit: 17, offset: 5 })
        worker.handle.send({ kind: 'abort', unit: 17, offset: 0 })
        const [answer] = await worker.untilAnswered(17)
        assert.deepEqual([answer?.count, answer?.last], [1, true])
      })

      it('gives every unit a signal of its own', async () => {
        assert.deepEqual((await worker.run(18, map('echo'), [1])).values, [1])
        worker.send(19, map('waitForAbort'), ['a'])
        await waitUntil(() => worker.handle.mark()?.unit === 19, 'the mark')
        // An abort of the former one must not have been remembered.
        assert.deepEqual(await Promise.race([worker.untilAnswered(19), Promise.resolve('waits')]), 'waits')
        worker.handle.send({ kind: 'abort', unit: 19, offset: MARK_UNKNOWN })
        await worker.untilAnswered(19)
      })

      it('is who it was started as', async () => {
        const answer = await worker.run(20, map('who'), [0])
        const { pid, threadId = 0 } = worker.handle.identity
        assert.deepEqual(answer.values, [{ id: '0.1', index: 0, name: 'tested-0', pid, threadId }])
        assert.ok(pid > 0)
      })

      it('broke no rule', () => {
        assert.deepEqual(worker.violations, [])
        assert.deepEqual(worker.exits, [])
      })
    })

    it('gives every worker its own copy of the config, which cannot be changed', async () => {
      const config = { notes: new Map([['first', 'first']]), list: [1] }
      const pair = [start([module], { config, id: 'a' }), start([module], { config, id: 'b' })]
      for (const [index, worker] of pair.entries()) {
        await worker.untilReady()
        const { values } = await worker.run(1, map('touchConfig'), [`from ${index}`])
        assert.deepEqual(values, [{ before: ['first'], refusal: 'TypeError', length: 1 }])
      }
      assert.deepEqual(config, { notes: new Map([['first', 'first']]), list: [1] })
    })

    it('starts the mates before the main module, last first, with the very same toolbox', async () => {
      const worker = start(['mates-main.worker.ts', 'mate-one.worker.ts', 'mate-two.worker.ts'])
      await worker.untilReady()
      assert.deepEqual((await worker.run(1, map('readStarts'), [0])).values, [['two', 'one']])
    })

    it('says why a module failed, once, and is gone', async () => {
      const worker = start(['throw-at-import.worker.ts'])
      await worker.untilGone()
      assert.deepEqual(
        worker.messages.map(({ kind }) => kind),
        ['startFailed'],
      )
      const [failed] = worker.messages
      assert.ok(failed?.kind === 'startFailed')
      assert.match((decodeError(failed.error, 'w') as Error).message, /not today/)
    })

    it('lets its timers run between units, also when the next one is always there', async () => {
      const worker = start()
      await worker.untilReady()
      worker.send(1, map('startTicking'), [0])
      const last = 40
      for (let unit = 2; unit <= last; unit++) {
        // Two are in the worker's hands, never more: it finds the second when it is through with the first.
        await waitUntil(() => worker.answers.length >= unit - 2, `answer ${unit - 2}`)
        worker.send(unit, map('spinAndCountTicks'), [6])
      }
      await waitUntil(() => worker.answers.length === last, 'all answers')
      const [ticks] = worker.answers.at(-1)!.values as number[]
      assert.ok(ticks! > 10, `${ticks} ticks between ${last} units`)
    })

    it('answers all it has before it leaves, with code 0', async () => {
      const worker = start()
      await worker.untilReady()
      const units = Array.from({ length: 200 }, (_, i) => i + 1)
      for (const unit of units) worker.send(unit, map('doubleLater'), [unit])
      worker.handle.send({ kind: 'stop' })
      const exit = await worker.untilGone()
      assert.deepEqual([exit.code, exit.signal], [0, null])
      assert.deepEqual(
        worker.answers.map(({ values }) => values),
        units.map((unit) => [2 * unit]),
      )
    })

    for (const [title, reach] of [
      ['starts', async () => {}],
      ['is idle', async (worker: LiveWorker) => void (await worker.untilReady())],
      [
        'works',
        async (worker: LiveWorker) => {
          await worker.untilReady()
          worker.send(1, map('waitForAbort'), [0])
          await waitUntil(() => worker.handle.mark()?.unit === 1, 'the mark')
        },
      ],
    ] as const) {
      it(`is gone once, and silent from then on, when it is ended while it ${title}`, async () => {
        const worker = start()
        await reach(worker)
        const told = worker.messages.length
        worker.handle.end()
        worker.handle.end()
        const exit = await worker.untilGone()
        assert.ok(exit.reason.length > 0)
        // The mark tells what it was at, and can be read for ever.
        const units = { starts: [0, MARK_LOADING], 'is idle': [0], works: [1] }[title]
        assert.ok(units.includes(worker.handle.mark()!.unit))
        worker.send(2, map('double'), [1])
        worker.handle.send({ kind: 'stop' })
        worker.handle.end()
        worker.handle.hold(true)
        worker.handle.hold(false)
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
        assert.deepEqual([worker.exits.length, worker.late, worker.violations.length], [1, 0, 0])
        assert.equal(worker.messages.length, told)
      })
    }

    it('brings what a worker prints, and lets a program end whose worker is idle and not held', async () => {
      const { code, signal, stdout, stderr } = await runProgram('idle-workers.ts', name)
      assert.deepEqual([code, signal], [0, null], stderr)
      assert.equal(stdout, 'a word from the worker\nthe end\n')
    })

    it('holds nothing once its workers are gone and it is closed', async () => {
      for (const worker of workers) worker.handle.end()
      for (const worker of workers) await worker.untilGone()
      await backend.close()
      await waitUntil(() => {
        const left = process.getActiveResourcesInfo()
        return left.filter((kind) => !/Timeout|Immediate/.test(kind)).length <= resources.length
      }, 'handles to be closed')
    })
  })
}
