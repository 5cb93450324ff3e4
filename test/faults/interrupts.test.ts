/** Signals from a terminal or a supervisor; each case is a program of its own, in its own session. */
import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { stretch, until } from './deadline.ts'
import { path } from './program.ts'
import { newPath } from './scene.ts'
import { copy, endAll, hasTool, makeBusy, readLog, run } from './started.ts'

const timeout = stretch(20_000)
const both = ['threads', 'processes'] as const

afterEach(endAll)

// In Debian's bsdutils and most systems' util-linux.
const isScriptMissing = !hasTool('script', '--version') && 'there is no script(1) to make a terminal'

interface Interruption {
  readonly signal: NodeJS.Signals
  readonly code: number
  readonly to?: 'program' | 'group'
}

const interruptions: readonly Interruption[] = [
  { signal: 'SIGINT', code: 130, to: 'group' },
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGHUP', code: 129, to: 'group' },
]

function describeInterruption({ signal, to }: Interruption): string {
  return `${signal}${to === 'group' ? ' to the whole group' : ''}`
}

describe('interrupted (F22, P14, P15)', () => {
  for (const backend of both) {
    for (const interruption of interruptions) {
      it(`${describeInterruption(interruption)}: what has started comes out, on ${backend}`, { timeout }, async () => {
        const log = newPath()
        const options = { graceMs: 5000 }
        const program = run({ name: 'stream', backend, options, ...copy(2000, log) })
        await program.says('item 3\n')
        program.signal(interruption.signal, interruption.to)
        await program.endsWith(interruption.code)
        program.assertQuiet()
        assert.deepEqual(
          program.items,
          readLog(log).sort((a, b) => a - b),
          'all that was started, nothing else',
        )
        assert.ok(program.items.length < 2000)
      })
    }

    it(`SIGINT once, a worker in a loop: after graceMs it is over, on ${backend}`, { timeout }, async () => {
      const { items, isBusy } = makeBusy('spinDespiteSigterm')
      const program = run({ name: 'calls', backend, items, options: { graceMs: 200 } })
      await until('the worker loops', isBusy)
      program.signal('SIGINT', 'group')
      await program.endsWith(130)
      program.assertQuiet()
    })

    it(
      `SIGINT again and again, a worker in a loop, a long grace: over at once, on ${backend}`,
      { timeout },
      async () => {
        const { items, isBusy } = makeBusy('spin')
        const program = run({ name: 'calls', backend, items, options: { graceMs: 60_000 } })
        await until('the worker loops', isBusy)
        // The same signal sent twice before it is heard counts once.
        const interruptAgain = (): boolean => {
          if (!program.hasEnded) program.signal('SIGINT', 'group')
          return program.hasEnded
        }
        await until('its end', interruptAgain)
        const { code, signal } = await program.end()
        // One more signal may come when the program has given its handlers back.
        assert.ok(code === 130 || signal === 'SIGINT', `${code} ${signal}`)
        program.assertQuiet()
      },
    )

    it(`SIGINT while the workers start, on ${backend}`, { timeout }, async () => {
      const fault = encodeURIComponent(JSON.stringify({ do: 'never' }))
      const modules = `${new URL('../fixtures/faults.worker.ts', import.meta.url).href}?fault=${fault}`
      const program = run({ name: 'start', backend, options: { modules } })
      await program.says('starting')
      // From here on the pool has its handlers.
      if (backend === 'processes') await until('workers', () => program.tree.length > 2)
      program.signal('SIGINT', 'group')
      await program.endsWith(130)
      program.assertQuiet()
    })

    it(`SIGINT while close() drains, on ${backend}`, { timeout }, async () => {
      const { items, isBusy } = makeBusy('never')
      const program = run({ name: 'closeAtOnce', backend, items, options: { graceMs: 400 } })
      await program.says('closing')
      await until('the worker is busy', isBusy)
      program.signal('SIGINT', 'group')
      await program.endsWith(130)
      program.assertQuiet()
    })

    it(`a handler of the program's own decides: it goes on, streams are told, on ${backend}`, { timeout }, async () => {
      const program = run({ name: 'handle', backend, options: { graceMs: 5000 }, ...copy(2000, newPath()) })
      await program.says('item 3\n')
      program.signal('SIGINT', 'group')
      await program.endsWith(0)
      assert.deepEqual(
        program.lines.filter((line) => !line.startsWith('item ')),
        ['ready', 'handled', 'failed ERR_EISENMP_INTERRUPTED', 'closed'],
      )
    })
  }

  it('Ctrl-C in a terminal: what has started comes out', { timeout, skip: isScriptMissing }, async () => {
    const log = newPath()
    // Else the terminal shows the Ctrl-C, and drops what it has not shown yet.
    const command = `stty -echo noflsh; exec '${process.execPath}' '${path}'`
    const program = run({ name: 'stream', backend: 'processes', options: { graceMs: 5000 }, ...copy(2000, log) }, [
      'script',
      '--quiet',
      '--return',
      '--flush',
      '--command',
      command,
      '/dev/null',
    ])
    await program.says('item 3\r\n')
    program.type('\u0003')
    await program.endsWith(130)
    assert.deepEqual(
      program.items,
      readLog(log).sort((a, b) => a - b),
    )
  })
})
