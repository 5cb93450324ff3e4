import type { StreamFacts } from '../facts.ts'
import type { Defects, Judge } from '../verdict.ts'
import { isPending, isRefused, tellOutcome } from '../verdict.ts'

const ITEMS = 2000

function listDefects(stream: StreamFacts, shouldFinish: boolean, grew: boolean): Defects {
  const { received, outcome, after } = stream
  return [
    [!stream.inOrder, 'wrong answer'],
    [isPending(outcome), `stalls after ${received} results`],
    [isRefused(outcome), `fails after ${received} results`],
    [shouldFinish && received !== ITEMS, `ends after ${received} results`],
    [grew, 'pulls on'],
    [!stream.sourceClosed, 'source stays open'],
    [after?.status !== 'value' || !after.right, 'pool is dead afterwards'],
  ]
}

/** A mapped source: right results in order, bounded, cleaned up, the pool still alive. */
export const judgeStream: Judge<'stream'> = ({ facts: { stream } }, row) => {
  if (stream === undefined) return { defects: [[true, 'not reached']], details: {} }
  const grew = row.does === 'stall' && stream.pulledLater !== undefined && stream.pulledLater > stream.pulled
  return {
    defects: listDefects(stream, row.does === 'crash', grew),
    details: {
      results: String(stream.received),
      'order and values': stream.inOrder ? 'right' : '**wrong**',
      'items pulled': `${stream.pulled}${grew ? `, 1 s later ${stream.pulledLater}` : ''}`,
      loop: stream.outcome.status === 'value' ? 'ends' : tellOutcome(stream.outcome),
      'call afterwards': tellOutcome(stream.after),
    },
  }
}
