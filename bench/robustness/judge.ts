import type { Case } from './case.ts'
import type { Peer } from './contract.ts'
import { judgeCalls } from './judges/calls.ts'
import { judgeEnding, judgeOrphans } from './judges/ending.ts'
import { judgeStart } from './judges/start.ts'
import { judgeStream } from './judges/stream.ts'
import { judgeThrown } from './judges/thrown.ts'
import { judgeValues } from './judges/values.ts'
import type { Run } from './runner.ts'
import { judgeSurvival } from './survival.ts'
import type { Opinion, Verdict } from './verdict.ts'

const JUDGES = {
  calls: judgeCalls,
  start: judgeStart,
  values: judgeValues,
  thrown: judgeThrown,
  stream: judgeStream,
  ending: judgeEnding,
  orphans: judgeOrphans,
} as { [Kind in Case['kind']]: (run: Run, row: Case) => Opinion }

/** Judges one run. What ended the program outranks what the calls saw; leftovers come last. */
export function judgeRun(run: Run): Verdict {
  const { defects, details } = JUDGES[run.row.kind](run, run.row)
  const survival = judgeSurvival(run)
  const worst = [...survival.severe, ...defects, ...survival.mild].find(([applies]) => applies)
  return {
    passed: worst === undefined,
    word: worst?.[1] ?? 'passes',
    details: { ...details, ...survival.details },
  }
}

/** Why a case is not asked of a pool; `undefined` if it is. */
export function explainSkip({ mode, hasAdvancedOption }: Peer, row: Case): string | undefined {
  if (row.modes !== undefined && !row.modes.includes(mode)) return 'not asked'
  if (row.advanced === true && !hasAdvancedOption) return 'no such option'
  return undefined
}
