/** What ends a whole program, or takes its reader away: so each case is a program of its own, in its own session. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterEach, describe, it } from 'node:test'
import type { BackendName } from '../../src/index.ts'
import type { Scenario } from '../fixtures/faults.program.ts'
import type { Deed, Fault } from '../fixtures/faults.worker.ts'
import { stretch, until } from './deadline.ts'
import { path } from './program.ts'
import { newPath } from './scene.ts'
import { copy, endAll, hasTool, makeBusy, run } from './started.ts'

const timeout = stretch(20_000)
const both = ['threads', 'processes'] as const

afterEach(endAll)

/** Whoever reads from it waits for a writer, for ever. */
function makeFifo(): string {
  const fifo = newPath()
  execFileSync('/usr/bin/env', ['mkfifo', fifo])
  return fifo
}

describe('ended (F21, P16)', () => {
  const states: Readonly<Record<string, Deed | undefined>> = {
    idle: undefined,
    'with a timer': 'startTimer',
    'with a server': 'startServer',
    'in a loop': 'spinDespiteSigterm',
    'in a native call': 'readFifo',
  }
  for (const [state, deed] of Object.entries(states)) {
    it(`kill -9 of the program, a worker process ${state}: no orphan`, { timeout }, async () => {
      const fifo = makeFifo()
      const { items, isBusy } = deed === undefined ? { items: [], isBusy: () => true } : makeBusy(deed, fifo)
      const program = run({ name: 'stay', backend: 'processes', items })
      await program.says('ready')
      await until('the worker is at it', isBusy)
      program.signal('SIGKILL')
      assert.deepEqual(await program.end(), { code: null, signal: 'SIGKILL' })
    })
  }

  it('kill -9 of the program while worker processes start: no orphan', { timeout }, async () => {
    const fault = encodeURIComponent(JSON.stringify({ do: 'spin' }))
    const modules = `${new URL('../fixtures/faults.worker.ts', import.meta.url).href}?fault=${fault}`
    const program = run({ name: 'start', backend: 'processes', options: { modules } })
    await until('the workers', () => program.tree.length >= 4)
    program.signal('SIGKILL')
    assert.deepEqual(await program.end(), { code: null, signal: 'SIGKILL' })
  })

  const endings: Readonly<Record<string, { code: number | null; signal: string | null }>> = {
    exit: { code: 3, signal: null },
    throw: { code: 1, signal: null },
    abort: { code: null, signal: 'SIGABRT' },
  }
  for (const backend of both) {
    for (const [ending, expected] of Object.entries(endings)) {
      it(`${ending} in the program, a worker in a loop: nothing stays, on ${backend}`, { timeout }, async () => {
        const { items, isBusy } = makeBusy('spin')
        const program = run({ name: 'stay', backend, items })
        await program.says('ready')
        await until('the worker loops', isBusy)
        program.type(ending)
        assert.deepEqual(await program.end(), expected)
      })
    }

    it(`an idle pool that nobody closes lets the program end, on ${backend}`, { timeout }, async () => {
      const program = run({ name: 'forget', backend, items: [{ id: 1 }, { id: 2, do: 'startTimer' }] })
      await program.endsWith(0)
      assert.deepEqual(program.items, [1, 2])
      assert.equal(program.stderr, '')
    })
  }
})

describe('a call that nothing interrupts (F8, P12, P14)', () => {
  it('a process is ended: its call times out, the program ends by itself', { timeout }, async () => {
    const { items } = makeBusy('readFifo', makeFifo())
    const program = run({ name: 'calls', backend: 'processes', items, options: { itemTimeoutMs: 300 } })
    await program.endsWith(0)
    assert.deepEqual(program.lines, ['ready', 'failed ERR_EISENMP_TIMEOUT', 'closed'])
  })

  it(
    'a thread is written off: its call times out, close() returns, the program ends by a signal',
    { timeout },
    async () => {
      const { items } = makeBusy('readFifo', makeFifo())
      const more = [...items, { id: 2 }, { id: 3 }]
      const program = run({ name: 'calls', backend: 'threads', items: more, options: { itemTimeoutMs: 300 } })
      assert.deepEqual(await program.end(), { code: null, signal: 'SIGKILL' })
      assert.deepEqual(
        program.items.toSorted((a, b) => a - b),
        [2, 3],
      )
      assert.deepEqual(program.lines.slice(-1), ['closed'])
      assert.match(program.stdout, /failed ERR_EISENMP_TIMEOUT/)
      assert.match(program.stderr, /blocked outside JavaScript; ending by SIGKILL, the exit code would have been 0/)
    },
  )

  it('a thread that is blocked when the program exits: it ends all the same', { timeout }, async () => {
    const { items, isBusy } = makeBusy('readFifo', makeFifo())
    const program = run({ name: 'closeAtOnce', backend: 'threads', items, options: { graceMs: 100 } })
    await program.says('closing')
    await until('the thread is blocked', isBusy)
    await program.says('closed')
    assert.deepEqual(await program.end(), { code: null, signal: 'SIGKILL' })
  })
})

describe('output (F23, P23)', () => {
  for (const backend of both) {
    it(`the reader of the program leaves: 141, no stack, on ${backend}`, { timeout }, async () => {
      const program = run({ name: 'stream', backend, ...copy(2000, newPath(), 2) })
      await program.says('item 3\n')
      program.stopReading()
      await program.endsWith(141)
      program.assertQuiet()
    })

    it(`only workers print, and the reader leaves: the work goes on, on ${backend}`, { timeout }, async () => {
      const items = Array.from({ length: 60 }, (_, id): Fault => ({ id, do: 'print', arg: 20 }))
      const program = run({ name: 'listen', backend, items })
      await until('the first line', () => program.stdout.length > 0)
      program.stopReading()
      await program.endsWith(0)
      assert.equal(program.stderr, 'work done: 60\n')
    })

    it(`every line of two workers arrives whole, on ${backend}`, { timeout }, async () => {
      const items = Array.from({ length: 40 }, (_, id): Fault => ({ id, do: 'print', arg: 250 }))
      const program = run({ name: 'listen', backend, items })
      await program.endsWith(0)
      const seen = new Map<number, number>()
      for (const line of program.lines) {
        const [, id, number] = /^(\d+):(\d+):\.+$/.exec(line) ?? assert.fail(`not a whole line: ${line.slice(0, 200)}`)
        assert.equal(Number(number), seen.get(Number(id)) ?? 0, 'lines of an item come in order, none is lost')
        seen.set(Number(id), Number(number) + 1)
      }
      assert.deepEqual(
        [...seen.values()],
        Array.from({ length: 40 }, () => 250),
      )
    })

    it(`unterminated and binary output: all of it arrives, on ${backend}`, { timeout }, async () => {
      const items: Fault[] = [
        { id: 0, do: 'printBytes', arg: 300_000 },
        { id: 1, do: 'printPart', arg: 'no end of line' },
      ]
      const program = run({ name: 'listen', backend, items, options: { workers: 1 } })
      await program.endsWith(0)
      assert.ok(program.stdout.startsWith('\u0080'.repeat(300_000)))
      assert.match(program.stdout.slice(300_000), /^no end of line\n?$/)
    })
  }
})

describe('a program under the permission model (F12)', () => {
  for (const execArgv of [[], undefined]) {
    const how = execArgv === undefined ? 'inherits' : 'has execArgv [] and inherits'
    it(`a thread ${how} what is denied`, { timeout }, async () => {
      const log = newPath()
      const scenario = { name: 'calls', backend: 'threads', options: { execArgv }, items: [{ id: 1, log }] } as const
      const flags = ['--permission', '--allow-fs-read=*', '--allow-worker']
      const program = run(scenario as Scenario, [process.execPath, ...flags, path])
      await program.endsWith(0)
      assert.deepEqual(program.lines, ['ready', 'failed ERR_EISENMP_TASK', 'closed'])
      assert.ok(!existsSync(log))
    })
  }
})

const isPrlimitMissing = !hasTool('prlimit', '--version') && 'there is no prlimit(1)'

describe('too few descriptors for all workers (F29, P9)', { skip: isPrlimitMissing }, () => {
  const limits: readonly (readonly [BackendName, number])[] = [
    ['threads', 60],
    ['processes', 60],
  ]
  for (const [backend, limit] of limits) {
    it(`works with those that live, no item is blamed, on ${backend}`, { timeout }, async () => {
      const options = { workers: 16, restarts: { max: 1000, withinMs: 60_000 } }
      // Without a log: a task that opens a file may find no descriptor for it, which is an error of its own.
      const copies = { count: 20, of: { workMs: 1 } }
      const scenario = { name: 'stream', backend, options, copies } as const
      const program = run(scenario, ['prlimit', `--nofile=${limit}:${limit}`, process.execPath, path])
      await program.endsWith(0)
      assert.deepEqual(
        program.items,
        Array.from({ length: 20 }, (_, id) => id),
      )
    })
  }
})
