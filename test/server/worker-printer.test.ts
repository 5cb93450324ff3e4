import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WorkerPrinter } from '../../src/server/worker-printer.ts'
import type { OutputLine } from '../../src/server/serve-options.ts'

describe('WorkerPrinter', () => {
  it('gives a function each line, with who printed it', () => {
    const lines: OutputLine[] = []
    const printer = new WorkerPrinter({ name: 'red-0', index: 4 }, (line) => lines.push(line))
    printer.push('stdout', Buffer.from('one\ntw'))
    printer.push('stderr', Buffer.from('oh\n'))
    printer.print('warn', 'careful\nnow')
    printer.end()
    assert.deepEqual(
      lines.map(({ worker, index, stream, text }) => [worker, index, stream, text]),
      [
        ['red-0', 4, 'stdout', 'one'],
        ['red-0', 4, 'stderr', 'oh'],
        ['red-0', 4, 'stderr', 'warn: careful'],
        ['red-0', 4, 'stderr', 'warn: now'],
        ['red-0', 4, 'stdout', 'tw'],
      ],
    )
  })
})
