import type { CallsCase } from '../case.ts'
import type { Outcome } from '../facts.ts'
import type { Run } from '../runner.ts'
import type { Defects, Judge } from '../verdict.ts'
import { isPending, isRefused, isWrong, tellOutcome } from '../verdict.ts'

function saysNothing(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'error' && !outcome.chain.some((one) => one.message !== '' || one.code !== '')
}

function listHangs({ facts, peer }: Run, row: CallsCase): Defects {
  const [inFlight, queued, later] = [facts.inFlight, facts.queued, facts.later].map(isPending)
  return [
    [inFlight === true && row.timeoutMs !== undefined && peer.timeLimit === null, 'no time limit'],
    [inFlight === true && queued === true && later === true, 'all hang'],
    [inFlight === true && queued === true, 'in flight and queued hang'],
    [inFlight === true, 'in flight hangs'],
    [queued === true && later === true, 'queued and later hang'],
    [queued === true, 'queued hangs'],
    [later === true, 'later hangs'],
    [isPending(facts.queuedBeforeLater), 'queued hangs until the next call'],
  ]
}

/** A faulty call, one behind it, one later: wrong answers first, then hangs, then the rest. */
export const judgeCalls: Judge<'calls'> = (run, row) => {
  const { inFlight, queued, later, queuedBeforeLater } = run.facts
  const { 'in-flight': attempts = 0, queued: queuedRuns = 0, later: laterRuns = 0 } = run.executions
  const waited = isPending(queuedBeforeLater) && !isPending(queued)
  return {
    defects: [
      [isWrong(queued) || isWrong(later), 'wrong answer'],
      [isWrong(inFlight), row.onValue],
      ...listHangs(run, row),
      [isRefused(queued) || isRefused(later), 'other calls fail'],
      [queuedRuns > 1 || laterRuns > 1, 'queued runs twice'],
      [inFlight === undefined || queued === undefined || later === undefined, 'not reached'],
      [saysNothing(inFlight), 'error says nothing'],
    ],
    details: {
      'in flight': `${tellOutcome(inFlight)}${attempts > 1 ? ` (run ${attempts} times)` : ''}`,
      'queued behind': `${tellOutcome(queued)}${waited ? ', but only after the later call' : ''}`,
      'submitted later': tellOutcome(later),
    },
  }
}
